// Press, drag, drop, click, double click, long press: what a tool is told, and what the map under it still sees.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type MapTool, type Pointer, PointerGestures } from '../../src/map/pointer'

class Surface extends EventTarget {
  style = { touchAction: '' }
  captured: number[] = []
  setPointerCapture(id: number): void {
    this.captured.push(id)
  }
}
interface Press {
  x?: number
  y?: number
  id?: number
  touch?: boolean
  primary?: boolean
  button?: number
  buttons?: number
  time?: number
}

let surface: Surface
let told: string[]
let takes: boolean
let cursor: string
let gestures: PointerGestures
let frames: (() => void)[]

const nextFrame = (): void => {
  const run = frames
  frames = []
  for (const each of run) each()
}
const at = ({ x, y }: Pointer) => `${x},${y}`
const tool: MapTool = {
  down: (pointer) => {
    told.push(`down ${at(pointer)}`)
    return takes
  },
  drag: (pointer) => told.push(`drag ${at(pointer)}`),
  drop: (pointer) => told.push(`drop ${at(pointer)}`),
  cancel: () => told.push('cancel'),
  hover: (pointer) => {
    told.push(pointer ? `hover ${at(pointer)}` : 'out')
    return 'grab'
  },
  click: (pointer) => told.push(`click ${at(pointer)}`),
  doubleClick: (pointer) => told.push(`double ${at(pointer)}`),
  longPress: (pointer) => told.push(`long ${at(pointer)}`),
}

function send(
  type: string,
  { x = 0, y = 0, id = 1, touch, primary = true, button = 0, buttons = 0, time = 0 }: Press = {},
): Event {
  const event = new Event(type, { cancelable: true })
  const fields = { clientX: x, clientY: y, pointerId: id, button, buttons, pointerType: touch ? 'touch' : 'mouse' }
  for (const [key, value] of Object.entries({ ...fields, isPrimary: primary, timeStamp: time }))
    Object.defineProperty(event, key, { value })
  surface.dispatchEvent(event)
  return event
}

beforeEach(() => {
  vi.useFakeTimers()
  frames = []
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = []
  })
  surface = new Surface()
  told = []
  takes = true
  cursor = ''
  gestures = new PointerGestures(
    {
      element: surface as unknown as HTMLElement,
      read: (event) => {
        const flags = { shift: false, ctrl: false, alt: false, touch: event.pointerType === 'touch' }
        return { at: [event.clientX, event.clientY], x: event.clientX, y: event.clientY, ...flags, areas: () => [] }
      },
      busy: () => false,
      setCursor: (next) => {
        cursor = next
      },
    },
    tool,
  )
})
afterEach(() => {
  gestures.dispose()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a press that the tool takes', () => {
  it('is dragged once a frame, ends exactly where it was let go, and the map does not see it', () => {
    send('pointerdown', { x: 10, y: 10 })
    const seen = vi.fn()
    surface.addEventListener('mousedown', seen, { once: true })
    send('pointermove', { x: 20, y: 10 })
    send('pointermove', { x: 30, y: 10 })
    nextFrame()
    send('pointermove', { x: 40, y: 10 })
    send('pointerup', { x: 41, y: 10 })
    expect(told).toEqual(['down 10,10', 'drag 30,10', 'drag 41,10', 'drop 41,10'])
    expect(surface.captured).toEqual([1])
    expect(surface.style.touchAction).toBe('none')
  })

  it('is a click when the hand only trembled', () => {
    send('pointerdown', { x: 10, y: 10 })
    send('pointermove', { x: 12, y: 10 })
    nextFrame()
    send('pointerup', { x: 12, y: 10 })
    expect(told.slice(0, 2)).toEqual(['down 10,10', 'click 12,10'])
    expect(cursor).toBe('grab')
  })

  it('is broken off by Esc and by a second finger, and then nothing is dropped', () => {
    send('pointerdown', { x: 10, y: 10 })
    send('pointermove', { x: 30, y: 10 })
    expect(gestures.abort()).toBe(true)
    send('pointerup', { x: 30, y: 10 })
    expect(told).toEqual(['down 10,10', 'cancel'])
    told = []
    send('pointerdown', { x: 10, y: 10, touch: true })
    send('pointermove', { x: 40, y: 10, touch: true })
    send('pointerdown', { x: 90, y: 10, touch: true, id: 2 })
    send('pointerup', { x: 40, y: 10, touch: true })
    expect(told).toEqual(['down 10,10', 'cancel'])
    expect(gestures.abort()).toBe(false)
  })
})

describe('a press that nobody takes', () => {
  it('pans the map: no drag, no drop, no click', () => {
    takes = false
    send('pointerdown', { x: 10, y: 10 })
    send('pointermove', { x: 60, y: 10 })
    nextFrame()
    send('pointerup', { x: 60, y: 10 })
    expect(told).toEqual(['down 10,10'])
    expect(surface.captured).toEqual([])
  })

  it('by another button is none at all', () => {
    send('pointerdown', { x: 10, y: 10, button: 2 })
    send('pointerup', { x: 10, y: 10, button: 2 })
    expect(told).toEqual([])
  })
})

describe('clicks', () => {
  const click = (x: number, time: number) => {
    send('pointerdown', { x, time })
    send('pointerup', { x, time })
  }
  const clicks = () => told.filter((each) => /click|double/.test(each))

  it('are a double click when quick and near, two clicks when slow or far', () => {
    click(10, 1000)
    click(11, 1200)
    click(10, 3000)
    click(10, 3900)
    click(80, 4000)
    expect(clicks()).toEqual(['click 10,0', 'double 11,0', 'click 10,0', 'click 10,0', 'click 80,0'])
  })

  it('a third click begins anew', () => {
    for (const time of [1000, 1100, 1200]) click(10, time)
    expect(clicks()).toEqual(['click 10,0', 'double 10,0', 'click 10,0'])
  })
})

describe('a finger', () => {
  it('that rests is a long press and no click; what it holds can still be dragged', () => {
    send('pointerdown', { x: 10, y: 10, touch: true })
    vi.advanceTimersByTime(700)
    send('pointermove', { x: 40, y: 10, touch: true })
    send('pointerup', { x: 40, y: 10, touch: true })
    expect(told).toEqual(['down 10,10', 'long 10,10', 'drag 40,10', 'drop 40,10'])
    told = []
    send('pointerdown', { x: 10, y: 10, touch: true })
    vi.advanceTimersByTime(700)
    send('pointerup', { x: 10, y: 10, touch: true })
    expect(told).toEqual(['down 10,10', 'long 10,10'])
  })

  it('that was lifted while a frame was drawn was no long press', () => {
    send('pointerdown', { x: 10, y: 10, touch: true })
    // the timer is late, and what waits behind it is the end of the press
    vi.advanceTimersByTime(550)
    send('pointerup', { x: 10, y: 10, touch: true })
    vi.advanceTimersByTime(700)
    expect(told).toEqual(['down 10,10', 'click 10,10'])
  })

  it('beside a second one leaves the map to both, whatever it held, and begins nothing while one is left', () => {
    send('pointerdown', { x: 10, y: 10, touch: true })
    expect(send('touchstart').cancelBubble).toBe(true)
    send('pointerdown', { x: 80, y: 80, id: 2, touch: true, primary: false })
    expect(send('touchstart').cancelBubble).toBe(false)
    send('pointerup', { x: 10, y: 10, touch: true })
    send('pointerdown', { x: 20, y: 20, id: 3, touch: true, primary: false })
    send('pointerup', { x: 20, y: 20, id: 3, touch: true })
    expect(told).toEqual(['down 10,10'])
  })

  it('may tremble more than a mouse, and has no hover', () => {
    send('pointerdown', { x: 10, y: 10, touch: true })
    send('pointermove', { x: 16, y: 10, touch: true })
    send('pointerup', { x: 16, y: 10, touch: true })
    send('pointermove', { x: 50, y: 10, touch: true })
    nextFrame()
    expect(told).toEqual(['down 10,10', 'click 16,10'])
  })
})

describe('the pointer alone', () => {
  it('hovers once a frame and leaves', () => {
    send('pointermove', { x: 1 })
    send('pointermove', { x: 2 })
    nextFrame()
    send('pointerleave')
    nextFrame()
    expect(told).toEqual(['hover 2,0', 'out'])
  })
})
