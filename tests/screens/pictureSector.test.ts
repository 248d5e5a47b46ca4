import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { usePictureSector } from '../../src/screens/map/usePictureSector'

let frames: FrameRequestCallback[]
beforeEach(() => {
  vi.useFakeTimers()
  frames = []
  vi.stubGlobal('requestAnimationFrame', (work: FrameRequestCallback) => frames.push(work))
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => {
    frames[handle - 1] = () => {}
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** The frame is drawn, and what was left for after it is done. */
function drawFrame(): void {
  for (const work of frames.splice(0)) work(0)
  vi.advanceTimersByTime(0)
}

function start(first: number | null) {
  const [wanted, coloured] = [ref(first), ref(false)]
  const scope = effectScope()
  const sector = scope.run(() => usePictureSector({ wanted: () => wanted.value, coloured: () => coloured.value }))!
  return { wanted, coloured, sector, stop: () => scope.stop() }
}

it('is the sector of the link at once on opening', () => {
  expect(start(7).sector.value).toBe(7)
})

it('follows one frame behind the colours', () => {
  const { wanted, coloured, sector } = start(null)
  wanted.value = 3
  drawFrame()
  expect(sector.value).toBeNull()
  coloured.value = true
  expect(sector.value).toBeNull()
  drawFrame()
  expect(sector.value).toBe(3)
})

it('is the last of several choices, and never one that was left again', () => {
  const { wanted, coloured, sector } = start(1)
  wanted.value = 2
  vi.advanceTimersByTime(300)
  wanted.value = 1
  coloured.value = true
  vi.advanceTimersByTime(1000)
  drawFrame()
  expect(sector.value).toBe(1)
  coloured.value = false
  wanted.value = 4
  wanted.value = 5
  coloured.value = true
  drawFrame()
  expect(sector.value).toBe(5)
})

it('is left alone once the map is closed', () => {
  const { wanted, coloured, sector, stop } = start(1)
  wanted.value = 2
  coloured.value = true
  stop()
  drawFrame()
  vi.advanceTimersByTime(1000)
  expect(sector.value).toBe(1)
})
