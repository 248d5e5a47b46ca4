// Puts the editor on the map: the ground below, the picture above, the tool between hand and store.
import { computed, type Ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  asFeature,
  boundaryScene,
  CELL_SOURCE,
  drawnId,
  LIVE_SOURCE,
  MARK_SOURCE,
} from '../../features/boundaries/boundaryLayer'
import { useBoundaries } from '../../features/boundaries/boundaryStore'
import { degreesPerPixel, useDesk } from '../../features/boundaries/deskStore'
import { makeBench } from '../../features/boundaries/tools/bench'
import { toolbox } from '../../features/boundaries/tools/toolbox'
import { touchTool } from '../../features/boundaries/touchTool'
import { usePicture } from '../../features/boundaries/usePicture'
import { type Basemap, type GroundData, groundScene } from '../../map/basemap'
import { type Box, boxOf, type Camera } from '../../map/camera'
import type MapView from '../../map/MapView.vue'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'

export interface EditorMap {
  view: Readonly<Ref<InstanceType<typeof MapView> | null>>
  ground: () => { basemap: Basemap; data: GroundData | null } | null
  palette: () => Palette
  finish: () => void
}

export function useEditorMap({ view, ground, palette, finish }: EditorMap) {
  const { t, locale } = useI18n()
  const store = useBoundaries()
  const desk = useDesk()
  const picture = usePicture(() => locale.value, t)

  const groundPart = computed((): Scene => {
    const what = ground()
    return what ? groundScene(what.basemap, what.data, palette().theme) : {}
  })
  const danger = computed(() => {
    void palette().theme
    return getComputedStyle(document.documentElement).getPropertyValue('--sg-danger').trim() || '#b3261e'
  })
  const scenes = computed((): Scene[] => [
    groundPart.value,
    boundaryScene(picture.value, {
      palette: palette(),
      danger: danger.value,
      level: desk.level,
      foremost: [...desk.picked, ...(desk.cell === null ? [] : [desk.cell])],
      gap: desk.gap?.id ?? null,
      touch: desk.touch,
    }),
  ])

  const bench = makeBench(store, desk, {
    pixels: (position) => view.value?.pixels(position),
    degrees: (pixels) => pixels * degreesPerPixel(desk.zoom),
    updateFeatures: (source, features, remove) => view.value?.updateFeatures(source, features, remove),
    restore,
  })
  const tool = touchTool(toolbox(bench, finish), desk)

  // A drag that came to nothing has moved drawn features only: they are drawn again from the store.
  function restore(): void {
    const cells = [...store.shapes].map(([id, shape]) =>
      asFeature(shape.geometry, { id, level: store.coverage?.cells.get(id)?.level ?? 0 }, drawnId(id)),
    )
    view.value?.updateFeatures(CELL_SOURCE, cells)
    view.value?.updateFeatures(MARK_SOURCE, picture.value.marks.features)
    view.value?.updateFeatures(LIVE_SOURCE, [], [1, 2, 3])
  }

  // ── the camera ──
  function onMoved(camera: Camera): void {
    desk.zoom = camera.zoom
    desk.box = view.value?.view() ?? null
  }
  watch(
    () => store.root?.id,
    () => {
      desk.box = null
    },
  )

  /** Shows a piece of ground; a point gets some ground around it. */
  function look(shape: GeoJSON.Geometry): void {
    const box = boxOf([asFeature(shape)])
    if (!box) return
    const least = 0.0012
    const grow = Math.max(0, least - (box[2] - box[0]), least - (box[3] - box[1])) / 2
    view.value?.fit([box[0] - grow, box[1] - grow, box[2] + grow, box[3] + grow] as Box)
  }
  function lookAtCell(id: number): void {
    const shape = store.shapes.get(id) ?? store.shapesBefore.get(id)
    desk.select(id)
    if (shape) look(shape.geometry)
  }

  const walk = computed(() =>
    [...store.shapes].flatMap(([id, shape]) =>
      store.coverage?.cells.get(id)?.level === desk.level ? [{ id, center: shape.center as [number, number] }] : [],
    ),
  )

  return { scenes, tool, walk, onMoved, look, lookAtCell }
}
