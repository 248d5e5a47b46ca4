// MapLibre, the same ground, and nothing of ours around it: what the first map and a frame cost at least.
// With ?data the same geometry is drawn in the plainest way.
import { type LayerSpecification, Map as MapLibre, type SourceSpecification, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { type GroundData, groundScene } from '../../../src/map/basemap'
import { compose } from '../../../src/map/scene'

setWorkerUrl(worker)
const ground: { layers: GroundData } = await (await fetch('/basemap/jizhou.json')).json()
const picture = compose([groundScene({ kind: 'demo' }, ground.layers, 'light')])
const sources: Record<string, SourceSpecification> = {}
for (const [id, source] of Object.entries(picture.sources))
  sources[id] = source.kind === 'tiles' ? source.spec : { type: 'geojson', data: source.data, ...source.options }
const layers = [...picture.layers] as LayerSpecification[]

if (location.search.includes('data')) {
  const data = await (await fetch('/bench-data.json')).json()
  for (const name of ['grids', 'enterprises', 'hazards'])
    sources[`bench-${name}`] = { type: 'geojson', data: data[name] }
  layers.push(
    { id: 'b1', type: 'fill', source: 'bench-grids', paint: { 'fill-color': '#00b0f0', 'fill-opacity': 0.4 } },
    { id: 'b2', type: 'line', source: 'bench-grids', paint: { 'line-color': '#333333', 'line-width': 1 } },
    { id: 'b3', type: 'circle', source: 'bench-enterprises', paint: { 'circle-radius': 5, 'circle-color': '#888888' } },
    { id: 'b4', type: 'circle', source: 'bench-hazards', paint: { 'circle-radius': 5, 'circle-color': '#e63031' } },
    {
      id: 'b5',
      type: 'symbol',
      source: 'bench-grids',
      layout: { 'text-field': ['get', 'name'], 'text-size': 12 },
    },
  )
}

const map = new MapLibre({
  container: 'map',
  style: { version: 8, sources, layers },
  bounds: [117.2, 39.75, 117.8, 40.2],
  attributionControl: false,
  fadeDuration: 0,
  validateStyle: false,
})
map.once('idle', () => map.getContainer().setAttribute('data-map-ready', 'true'))
