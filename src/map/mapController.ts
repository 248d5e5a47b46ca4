import 'maplibre-gl/dist/maplibre-gl.css'
import { type GeoJSONSource, Map as LibreMap, type MapMouseEvent, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { type Box, type Camera, duration, type Padding } from './camera'
import { type Display, shift, shiftBox } from './display'
import { GroundWatch } from './groundWatch'
import { withFonts } from './labelFont'
import { LevelFade } from './levelFade'
import { type MapTool, type Pointer, PointerGestures } from './pointer'
import { diff, EMPTY_PICTURE, type Picture, type SceneOp, type SceneSource } from './scene'
import { type Hit, nearest, unique } from './selection'
import { drawSymbol, PIXEL_RATIO } from './symbols'

setWorkerUrl(workerUrl)

export interface MapEvents {
  pick: (hit: Hit | null) => void
  /** Several things at one place, none in front of the other. */
  choose: (hits: Hit[]) => void
  hover: (hit: Hit | null, x: number, y: number) => void
  /** `byHand`: by a gesture, a key or the zoom buttons, rather than by `fit`, `fly` or `jump`. */
  moved: (camera: Camera, byHand: boolean) => void
  /** The map has taken the size of its box anew: what fitted before may be cut off now. */
  resized: () => void
  idle: () => void
  /** A frame was drawn; `idle` follows the last one. */
  drawn: () => void
  /** A source of the ground could not be read; ours are never fetched by the map. */
  problem: (message: string) => void
}

export interface MapSetup {
  camera?: Camera | undefined
  box?: Box | undefined
  padding: Padding
  labelFont: string
  display: Display
  strings: Record<string, string>
}

/** Within these many pixels of the pointer a symbol counts as hit; a finger needs more. */
const REACH = { mouse: 4, touch: 14 }
const MAX_ZOOM = 18

/** Owns the MapLibre map: the only object that holds one. Who makes a controller disposes of it. */
export class MapController {
  readonly map: LibreMap
  private picture: Picture = EMPTY_PICTURE
  private wanted: Picture = EMPTY_PICTURE
  private styled = false
  private pointLayers: string[] = []
  private areaLayers: string[] = []
  private hovered: Hit | null = null
  private pending: MapMouseEvent | null = null
  private frame = 0
  private nudge: ReturnType<typeof setInterval> | undefined
  private gestures: PointerGestures | null = null
  private readonly levels: LevelFade

  /** @throws Error when the browser has no WebGL2. */
  constructor(
    container: HTMLElement,
    private readonly setup: MapSetup,
    private readonly on: MapEvents,
  ) {
    const { camera, box, display } = setup
    this.map = new LibreMap({
      container,
      style: { version: 8, sources: {}, layers: [] },
      ...(camera ? { center: display.forward(camera.center), zoom: camera.zoom } : {}),
      ...(!camera && box
        ? { bounds: shiftBox(box, display), fitBoundsOptions: { padding: setup.padding, maxZoom: 15 } }
        : {}),
      attributionControl: false,
      minZoom: 3,
      maxZoom: MAX_ZOOM,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      // The scenes are checked against the style specification by the unit tests; not again on every start.
      validateStyle: false,
      // Fading names in costs a dozen frames at every stop, and says nothing.
      fadeDuration: 0,
      locale: setup.strings,
    })
    this.levels = new LevelFade(this.map)
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 96 }), 'bottom-right')
    this.map.on('style.load', () => {
      this.styled = true
      this.apply(this.wanted)
    })
    this.map.on('moveend', (event: { originalEvent?: unknown; byHand?: boolean }) =>
      this.on.moved(this.camera(), event.originalEvent !== undefined || event.byHand === true),
    )
    this.map.on('resize', () => this.on.resized())
    const ground = new GroundWatch()
    this.map.on('sourcedataloading', (event) => {
      if (!event.tile) return
      ground.asked(event.sourceId)
      // a tile that is not there makes no frame, and without a frame nobody learns that all is answered
      this.nudge ??= setInterval(() => this.map.triggerRepaint(), 500)
    })
    this.map.on('sourcedata', (event) => {
      if (event.tile?.state === 'loaded') ground.came(event.sourceId)
    })
    this.map.on('render', () => this.on.drawn())
    this.map.on('idle', () => {
      clearInterval(this.nudge)
      this.nudge = undefined
      for (const source of ground.missing()) this.on.problem(`${source}: no tile came`)
      this.on.idle()
    })
    this.map.on('click', (event) => void this.click(event))
    this.map.on('mousemove', (event) => this.queueHover(event))
    this.map.on('mouseout', () => this.hover(null, 0, 0))
    this.map.on('movestart', () => this.hover(null, 0, 0))
    this.map.on('error', (event) => {
      const source = (event as { sourceId?: string }).sourceId
      if (source?.startsWith('ground-')) this.on.problem(event.error?.message ?? '')
      else console.error(event.error)
    })
  }

  /** Shows a picture. Before the map can draw, the latest one waits. */
  apply(picture: Picture): void {
    this.wanted = picture
    if (!this.styled) return
    const ops = diff(this.picture, picture)
    this.picture = picture
    for (const op of ops) this.step(op)
  }

  /** Which layers answer to the pointer: symbols (with some reach), then areas. */
  setHitLayers(points: string[], areas: string[]): void {
    this.pointLayers = points
    this.areaLayers = areas
  }

  /** Takes a tool in hand: pointing belongs to it and no longer picks. Null puts it away. */
  setTool(tool: MapTool | null): void {
    this.gestures?.dispose()
    this.gestures = null
    const { map } = this
    for (const handler of [map.doubleClickZoom, map.boxZoom]) tool ? handler.disable() : handler.enable()
    this.hover(null, 0, 0)
    if (!tool) return
    this.gestures = new PointerGestures(
      {
        element: map.getContainer(),
        read: (event) => this.pointerOf(event),
        busy: () => map.isMoving(),
        setCursor: (cursor) => {
          map.getCanvas().style.cursor = cursor
        },
      },
      tool,
    )
  }

  /** Breaks off a drag that is under way. @returns whether there was one. */
  abortDrag(): boolean {
    return this.gestures?.abort() ?? false
  }

  /**
   * Replaces (and removes by id) some features of a source without sending the rest again: for what follows the pointer. The source's
   * features need numbers as ids; its next `data` of the scene replaces everything.
   */
  updateFeatures(source: string, features: readonly GeoJSON.Feature[], remove: readonly number[] = []): void {
    const moved = shift({ type: 'FeatureCollection', features: [...features] }, this.setup.display)
    void this.map.getSource<GeoJSONSource>(source)?.updateData({ add: moved.features, remove: [...remove] })
  }

  /** Where a place is drawn, in CSS pixels from the upper left corner of the map. */
  pixels(position: readonly [number, number]): { x: number; y: number } {
    return this.map.project(this.setup.display.forward([position[0], position[1]]))
  }

  /** What the window shows: [west, south, east, north], WGS84. */
  view(): Box {
    const { width, height } = this.map.getContainer().getBoundingClientRect()
    const places = [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ].map((corner) => this.placeOf(corner[0]!, corner[1]!))
    const [lons, lats] = [places.map((place) => place[0]), places.map((place) => place[1])]
    return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter()
    const [lon, y] = this.setup.display.inverse([lng, lat])
    return { center: [lon, y], zoom: this.map.getZoom() }
  }

  /** Shows a box [west, south, east, north] in what the padding leaves free. */
  fit(box: Box, padding: Padding, animate = true): void {
    const bounds = shiftBox(box, this.setup.display)
    this.map.fitBounds(bounds, { padding, maxZoom: 15, linear: true, duration: animate ? duration(200) : 0 })
  }

  /** Brings a place into the middle of what the padding leaves free, zooming in when it is farther than `zoom`. */
  fly(center: [number, number], zoom: number, padding: Padding, animate = true): void {
    const options = {
      center: this.setup.display.forward(center),
      zoom: Math.max(zoom, this.map.getZoom()),
      offset: [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2] as [number, number],
    }
    this.map.easeTo({ ...options, duration: animate ? duration(200) : 0 })
  }

  jump(camera: Camera): void {
    this.map.jumpTo({ center: this.setup.display.forward(camera.center), zoom: camera.zoom })
  }

  zoomBy(step: number): void {
    this.map.zoomTo(this.map.getZoom() + step, { duration: duration(160) }, { byHand: true })
  }

  /** Calls back on every frame in which the camera moves, until the returned function is called. */
  follow(moving: (camera: Camera) => void): () => void {
    const tell = () => moving(this.camera())
    this.map.on('move', tell)
    return () => this.map.off('move', tell)
  }

  /** The zoom at which a box fills the free part of the window; undefined when there is no room. */
  zoomFor(box: Box, padding: Padding): number | undefined {
    return this.map.cameraForBounds(shiftBox(box, this.setup.display), { padding })?.zoom
  }

  /** Whether a place is on the screen. */
  sees(position: [number, number]): boolean {
    return this.map.getBounds().contains(this.setup.display.forward(position))
  }

  /**
   * The picture on the screen once all of it is drawn. Read inside the frame that drew it, so no drawing buffer has to
   * be kept for it. What does not come (tiles without network) is waited for `patience` milliseconds.
   * @param ratio pixels of the picture for one of the page; never fewer than the screen has
   */
  snapshot(ratio = 1, patience = 4000): Promise<HTMLCanvasElement> {
    const usual = this.map.getPixelRatio()
    if (ratio > usual) this.map.setPixelRatio(ratio)
    return new Promise((resolve) => {
      let event: 'idle' | 'render' = 'idle'
      const copy = () => {
        clearTimeout(timer)
        queueMicrotask(() => ratio > usual && this.map.setPixelRatio(usual))
        const from = this.map.getCanvas()
        const canvas = document.createElement('canvas')
        canvas.width = from.width
        canvas.height = from.height
        canvas.getContext('2d')?.drawImage(from, 0, 0)
        resolve(canvas)
      }
      const timer = setTimeout(() => {
        this.map.off(event, copy)
        event = 'render'
        this.map.once(event, copy)
        this.map.triggerRepaint()
      }, patience)
      this.map.once(event, copy)
      this.map.triggerRepaint()
    })
  }

  repaint(): void {
    this.map.triggerRepaint()
  }

  dispose(): void {
    this.gestures?.dispose()
    this.levels.dispose()
    cancelAnimationFrame(this.frame)
    clearInterval(this.nudge)
    this.map.remove()
  }

  private step(op: SceneOp): void {
    const { map } = this
    switch (op.op) {
      case 'addSource':
        map.addSource(op.id, this.specOf(op.source))
        if (op.source.kind === 'geojson' && op.source.levels) this.levels.data(op.id, op.source.data.features, true)
        break
      case 'removeSource':
        map.removeSource(op.id)
        break
      case 'setData':
        void map.getSource<GeoJSONSource>(op.id)?.setData(op.ground ? op.data : shift(op.data, this.setup.display))
        this.levels.data(op.id, op.data.features, false)
        break
      case 'setLevels':
        this.levels.show(op.id, op.levels)
        break
      case 'addImage':
        // a layer that was switched off left its pictures with the map, perhaps in the colours of another theme
        if (map.hasImage(op.id)) map.removeImage(op.id)
        map.addImage(op.id, drawSymbol(op.image), { pixelRatio: PIXEL_RATIO })
        break
      case 'updateImage':
        map.removeImage(op.id)
        map.addImage(op.id, drawSymbol(op.image), { pixelRatio: PIXEL_RATIO })
        break
      case 'addLayer':
        map.addLayer(withFonts(op.layer, this.setup.labelFont), op.before)
        break
      case 'removeLayer':
        map.removeLayer(op.id)
        break
      case 'moveLayer':
        map.moveLayer(op.id, op.before)
        break
      case 'setFilter':
        map.setFilter(op.id, op.filter ?? null)
        break
      case 'setZoom':
        map.setLayerZoomRange(op.id, op.min, op.max)
        break
      case 'setPaint':
        map.setPaintProperty(op.id, op.name as never, op.value as never)
        break
      case 'setLayout':
        map.setLayoutProperty(op.id, op.name as never, op.value as never)
        break
    }
  }

  private specOf(source: SceneSource) {
    if (source.kind === 'tiles') return source.spec
    const data = source.ground ? source.data : shift(source.data, this.setup.display)
    return { type: 'geojson' as const, ...source.options, data }
  }

  private placeOf(x: number, y: number): [number, number] {
    const { lng, lat } = this.map.unproject([x, y])
    return this.setup.display.inverse([lng, lat])
  }

  private pointerOf(event: PointerEvent): Pointer {
    const box = this.map.getContainer().getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    return {
      at: this.placeOf(x, y),
      x,
      y,
      touch: event.pointerType === 'touch',
      shift: event.shiftKey,
      ctrl: event.ctrlKey || event.metaKey,
      alt: event.altKey,
      areas: () => this.areasAt([x, y]),
    }
  }

  private async click(event: MapMouseEvent): Promise<void> {
    if (this.gestures) return
    const touch = (event.originalEvent as PointerEvent).pointerType === 'touch' || matchMedia('(hover: none)').matches
    const points = this.pointsAt(event, touch ? REACH.touch : REACH.mouse)
    const cluster = points.find((hit) => hit.properties.cluster)
    if (cluster) return this.open(cluster)
    if (points.length > 1) return this.on.choose(points)
    this.on.pick(points[0] ?? this.areaAt(event))
  }

  /** Zooms to where a cluster falls apart; one whose members share a place becomes a list to choose from. */
  private async open(cluster: Hit): Promise<void> {
    const source = this.map.getSource<GeoJSONSource>(cluster.source)
    const id = Number(cluster.properties.cluster_id)
    if (!source || !cluster.position) return
    const zoom = await source.getClusterExpansionZoom(id)
    const leaves = await source.getClusterLeaves(id, 200, 0)
    const places = new Set(leaves.map((leaf) => JSON.stringify((leaf.geometry as GeoJSON.Point).coordinates)))
    if (zoom > MAX_ZOOM - 1 || places.size === 1) {
      this.on.choose(
        leaves.map((leaf) => ({
          layer: cluster.layer,
          source: cluster.source,
          id: leaf.properties?.id ?? leaf.id,
          properties: leaf.properties ?? {},
          position: cluster.position,
        })),
      )
    } else {
      const target = { center: cluster.position, zoom: Math.min(zoom + 0.3, MAX_ZOOM), duration: duration(200) }
      this.map.easeTo(target, { byHand: true })
    }
  }

  private pointsAt(event: MapMouseEvent, reach: number): Hit[] {
    const layers = this.pointLayers.filter((id) => this.map.getLayer(id))
    if (!layers.length) return []
    const { x, y } = event.point
    const found = this.map.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers },
    )
    return nearest(unique(found), (position) => this.map.project(position), event.point)
  }

  private areaAt(event: MapMouseEvent): Hit | null {
    return this.areasAt([event.point.x, event.point.y])[0] ?? null
  }

  private areasAt(point: [number, number]): Hit[] {
    const layers = this.areaLayers.filter((id) => this.map.getLayer(id))
    return layers.length ? unique(this.map.queryRenderedFeatures(point, { layers })) : []
  }

  // At most one look per frame, and none while the map moves: panning must cost nothing but drawing.
  private queueHover(event: MapMouseEvent): void {
    if (this.gestures) return
    this.pending = event
    if (this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      const last = this.pending
      if (!last || this.map.isMoving()) return
      const hit = this.pointsAt(last, REACH.mouse)[0] ?? this.areaAt(last)
      this.hover(hit, last.point.x, last.point.y)
    })
  }

  private hover(hit: Hit | null, x: number, y: number): void {
    const before = this.hovered
    this.hovered = hit
    if (before?.source !== hit?.source || before?.id !== hit?.id) {
      this.mark(before, false)
      this.mark(hit, true)
      this.map.getCanvas().style.cursor = hit ? 'pointer' : ''
    }
    if (before || hit) this.on.hover(hit, x, y)
  }

  private mark(hit: Hit | null, hover: boolean): void {
    if (hit && typeof hit.id === 'number' && this.picture.sources[hit.source]) {
      this.map.setFeatureState({ source: hit.source, id: hit.id }, { hover })
    }
  }
}
