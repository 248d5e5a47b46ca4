// Where a person goes on the map: by pointing, by name, by a list; and back, one thing at a time.
import { useEventListener } from '@vueuse/core'
import { nextTick, type Ref } from 'vue'
import type { BlindSpot } from '../../features/blindSpots/blindSpot'
import { isBlindSpot } from '../../features/blindSpots/blindSpotHits'
import { ENTERPRISE_SOURCE } from '../../features/enterprises/enterpriseLayer'
import type { GridFeature, GridTree } from '../../features/grids/grid'
import { GRID_SOURCE } from '../../features/grids/gridLayer'
import { HAZARD_SOURCE } from '../../features/hazards/hazardLayer'
import { type Box, boxOf, type Camera } from '../../map/camera'
import type { Hit } from '../../map/selection'
import type { LeftTab } from './LeftPanel.vue'
import type { MapLink } from './mapLink'

/** The map itself, once it is there. */
interface Camerawork {
  camera(): Camera | undefined
  fit(box: Box, animate?: boolean): void
  fly(at: [number, number], zoom: number): void
}

interface Inputs {
  link: () => MapLink
  go: (change: Partial<MapLink>) => void
  goHere: (change: Partial<MapLink>, camera: Camera | undefined) => void
  map: () => Camerawork | null
  tree: () => GridTree
  chosen: () => GridFeature | null
  homeBox: () => Box
  phone: () => boolean
  choices: Ref<Hit[]>
  cardOpen: Ref<boolean>
  /** Key of the blind spot that is looked at. */
  spot: Ref<string | null>
  openTab: (tab: LeftTab | null) => void
  /** Whether a place is asked for, and how one stops. */
  ask: { open: () => boolean; close: () => void }
  /** Whether a past day is shown, and the way back. */
  past: { shown: () => boolean; back: () => void }
}

export function useMapVisits(inputs: Inputs) {
  const { link, go, goHere, map, tree, choices, cardOpen } = inputs
  const boxOfGrid = (feature: GridFeature): Box => boxOf([feature]) ?? inputs.homeBox()

  function pick(picked: Hit | null): void {
    choices.value = []
    if (!picked) {
      if (link().sel) go({ sel: null })
      return
    }
    const blind = isBlindSpot(picked.source) ? picked.properties.kind : null
    if (blind) inputs.spot.value = String(picked.properties.key)
    if (blind === 'gap') inputs.openTab('blindSpots')
    if (picked.source === GRID_SOURCE || blind === 'staff' || blind === 'patrol') {
      const grid = tree().byId.get(Number(picked.id))
      cardOpen.value = true
      if (grid) goHere({ grid: grid.properties.code, sel: null }, map()?.camera())
      return
    }
    const enterprise = picked.source === ENTERPRISE_SOURCE || blind === 'unclaimed'
    const kind = enterprise ? 'enterprise' : picked.source === HAZARD_SOURCE ? 'hazard' : null
    if (kind) goHere({ sel: { kind, id: String(picked.id) } }, map()?.camera())
  }

  /** Chosen by name rather than by pointing: the map goes there. */
  function visit(id: number): void {
    const grid = tree().byId.get(id)
    if (!grid) return
    choices.value = []
    cardOpen.value = true
    go({ grid: grid.properties.code, sel: null, ask: null, camera: null })
    // the card that opens covers a part of the map
    void nextTick(() => map()?.fit(boxOfGrid(grid)))
  }

  /** A blind spot of the list: the map goes there, and what it is about opens. */
  function visitSpot(spot: BlindSpot): void {
    inputs.spot.value = spot.key
    if (inputs.phone()) inputs.openTab(null)
    if (spot.kind === 'staff' || spot.kind === 'patrol') visit(spot.grid_id)
    else if (spot.kind === 'unclaimed') {
      // from so far that the border beside it is seen too
      goHere({ sel: { kind: 'enterprise', id: spot.id } }, map()?.camera())
      void nextTick(() => map()?.fly(spot.at, 12.5))
    } else {
      if (link().sel) go({ sel: null })
      const box = boxOf([{ type: 'Feature', properties: {}, geometry: spot.geometry }])
      if (box) map()?.fit(widened(box))
    }
  }

  function drill(id: number): void {
    visit(id)
    if (inputs.phone()) cardOpen.value = false
  }

  function home(): void {
    go({ grid: null, sel: null })
    map()?.fit(inputs.homeBox())
  }

  function closeCard(): void {
    const { sel, versus } = link()
    if (choices.value.length) choices.value = []
    else if (sel) go({ sel: null })
    else if (inputs.ask.open()) inputs.ask.close()
    else if (cardOpen.value && inputs.chosen()) cardOpen.value = false
    else if (versus) go({ versus: null })
    else if (inputs.past.shown()) inputs.past.back()
    else if (inputs.chosen()) go({ grid: null })
    else if (inputs.phone()) inputs.openTab(null)
  }
  // Wherever the focus is: what it stood on may have gone with the last choice. Menus, search and dialogs keep their Esc.
  useEventListener(window, 'keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return
    closeCard()
  })

  return { pick, visit, visitSpot, drill, home, closeCard }
}

/** Twice as wide and high, so that one sees what lies around. */
const widened = ([west, south, east, north]: Box): Box => {
  const [x, y] = [(east - west) / 2, (north - south) / 2]
  return [west - x, south - y, east + x, north + y]
}
