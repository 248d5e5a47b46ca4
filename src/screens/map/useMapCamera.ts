// Where the map looks: what a link or a choice wants to be seen, and how much of it the panels leave free.
import { computed, nextTick, ref, watch } from 'vue'
import type { GridFeature } from '../../features/grids/grid'
import { type Box, boxOf, type Camera, type Padding } from '../../map/camera'
import type { MapLink } from './mapLink'

/** The map itself, once it is there. */
interface Camerawork {
  fit(box: Box, animate?: boolean): void
  fly(at: [number, number], zoom: number, animate?: boolean): void
  jump(camera: Camera): void
  zoomFor(box: Box): number | undefined
}

interface Inputs {
  link: () => MapLink
  isOurs: (camera: Camera) => boolean
  noteCamera: (camera: Camera) => void
  map: () => Camerawork | null
  chosen: () => GridFeature | null
  /** Where the thing that is chosen stands: [lon, lat]. */
  point: () => [number, number] | null
  homeBox: () => Box
  /** Finds out from which zoom the lowest level is shown, once the map has its size. */
  measure: (zoomFor: Camerawork['zoomFor'], box: Box) => void
  phone: () => boolean
  /** How much larger everything is on a wall. */
  scale: () => number
  carded: () => boolean
  tabbed: () => boolean
  past: () => boolean
  barOpen: () => boolean
}

export function useMapCamera(inputs: Inputs) {
  const { link, map, chosen, homeBox } = inputs
  const zoom = ref(link().camera?.zoom ?? 9)

  const scaled = (sides: Padding): Padding => {
    const by = inputs.scale()
    return { top: sides.top * by, right: sides.right * by, bottom: sides.bottom * by, left: sides.left * by }
  }
  const padding = computed(() =>
    inputs.phone()
      ? { top: 84, right: 16, bottom: inputs.carded() || inputs.tabbed() ? 340 : 132, left: 16 }
      : scaled({
          top: inputs.past() ? 148 : 88,
          right: inputs.carded() ? 396 : 64,
          bottom: inputs.barOpen() ? 248 : 56,
          left: inputs.tabbed() ? 384 : 84,
        }),
  )

  function lookAtChoice(animate: boolean): void {
    const { sel } = link()
    const [grid, point] = [chosen(), inputs.point()]
    if (sel && point) map()?.fly(point, 15.2, animate)
    else if (!sel) map()?.fit((grid && boxOf([grid])) ?? homeBox(), animate)
  }

  // A link or the back button brings a camera; a choice without one (search, breadcrumb, ranking) is flown to.
  watch(
    () => link().camera,
    (camera) => camera && !inputs.isOurs(camera) && map()?.jump(camera),
  )
  watch(
    () => [chosen()?.id, link().sel?.id, inputs.point()?.join(), link().camera === null].join('|'),
    () => link().camera === null && (chosen() || link().sel) && lookAtChoice(true),
    // after the map was told how much of it the card covers
    { flush: 'post' },
  )

  // Who one is may be known later than the map is there; a person who has moved it in the meantime is left alone.
  let touched = false
  // The bar of time covers a part of the map: what nobody has moved by hand makes room.
  watch(inputs.barOpen, () => !touched && !link().camera && void nextTick(() => lookAtChoice(true)))
  const measure = () => {
    const there = map()
    if (there) inputs.measure(there.zoomFor, homeBox())
  }
  watch(homeBox, (box) => {
    measure()
    const { camera, grid, sel } = link()
    if (!touched && !camera && !grid && !sel) map()?.fit(box, false)
  })

  // What the map did by itself is in the link already (a grid, a thing); only what a hand did is noted.
  function onMoved(camera: Camera, byHand: boolean): void {
    zoom.value = camera.zoom
    touched ||= byHand
    if (byHand) inputs.noteCamera(camera)
  }
  // The map has its size now: which zoom shows the whole, and where it stands.
  function onOpened(camera: Camera): void {
    measure()
    zoom.value = camera.zoom
    if (!link().camera && (chosen() || link().sel)) lookAtChoice(false)
  }

  return { zoom, padding, onMoved, onOpened }
}
