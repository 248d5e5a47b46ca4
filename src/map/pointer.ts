// Pointing at the map with a tool in hand: press, drag, drop, click, double click and long press, alike for mouse, pen
// and finger. Whoever takes a press gets the whole gesture and the map stays still; what nobody takes pans the map.
import type { Hit } from './selection'

export interface Pointer {
  /** [lon, lat], WGS84. */
  at: [number, number]
  /** CSS pixels from the upper left corner of the map. */
  x: number
  y: number
  touch: boolean
  shift: boolean
  ctrl: boolean
  alt: boolean
  /** Areas under the pointer, the topmost first. */
  areas: () => Hit[]
}

export interface MapTool {
  /** Whether this press belongs to the tool: the map then does not pan. */
  down: (pointer: Pointer) => boolean
  drag: (pointer: Pointer) => void
  drop: (pointer: Pointer) => void
  /** The gesture was broken off (a second finger, the window lost it): leave everything as it was. */
  cancel: () => void
  /** The pointer moves without pressing; null when it leaves. Returns the CSS cursor. */
  hover: (pointer: Pointer | null) => string
  /** Pressed and let go at one place, whether the press was taken or not. */
  click: (pointer: Pointer) => void
  /** The second of two clicks; the first was a click. */
  doubleClick: (pointer: Pointer) => void
  /** A finger resting on one place. */
  longPress: (pointer: Pointer) => void
}

/** A press becomes a drag after this many pixels: a hand on glass trembles more than one on a mouse. */
const TREMBLE = { mouse: 3, touch: 8 }
const LONG_PRESS_MS = 550
const DOUBLE_MS = 380
/** Two clicks farther apart than this (pixels) are two clicks. */
const DOUBLE_REACH = 8

interface Press {
  id: number
  start: Pointer
  taken: boolean
  dragging: boolean
  /** A long press has been told: letting go is no click. What was taken may still be dragged. */
  held: boolean
  /** A second finger or Esc has used it up, or a long press what was not taken. */
  spent: boolean
}

export interface PointerSurface {
  element: HTMLElement
  read: (event: PointerEvent) => Pointer
  /** The map is panning or zooming: nothing is under the pointer for long. */
  busy: () => boolean
  setCursor: (cursor: string) => void
}

/** Listens on an element while a tool is in hand. Who makes one disposes of it. */
export class PointerGestures {
  private press: Press | null = null
  private lastClick: { x: number; y: number; time: number } | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private frame = 0
  private pending: (() => void) | null = null
  private readonly off = new AbortController()

  constructor(
    private readonly surface: PointerSurface,
    private readonly tool: MapTool,
  ) {
    const { element } = surface
    const listen = (name: string, run: (event: PointerEvent) => void): void =>
      element.addEventListener(name, run as EventListener, { capture: true, signal: this.off.signal })
    listen('pointerdown', (event) => this.down(event))
    listen('pointermove', (event) => this.move(event))
    listen('pointerup', (event) => this.up(event))
    listen('pointercancel', (event) => this.lose(event))
    listen('pointerleave', () => !this.press && this.later(() => this.hover(null)))
    // The map listens to these; it must not see the press that a tool has taken.
    for (const name of ['mousedown', 'touchstart', 'touchmove', 'dblclick', 'contextmenu']) {
      element.addEventListener(
        name,
        (event) => {
          // with a second finger it is the map's again
          const ours = this.press?.taken && !this.press.spent
          if (ours || name === 'dblclick') event.stopPropagation()
          if ((ours && name === 'touchmove') || name === 'contextmenu') event.preventDefault()
        },
        { capture: true, passive: false, signal: this.off.signal },
      )
    }
    element.style.touchAction = 'none'
  }

  /** Breaks off a drag that is under way (Esc). @returns whether there was one. */
  abort(): boolean {
    if (!this.press?.dragging) return false
    this.press.spent = true
    this.press.dragging = false
    this.pending = null
    this.tool.cancel()
    return true
  }

  dispose(): void {
    this.off.abort()
    clearTimeout(this.timer)
    cancelAnimationFrame(this.frame)
    if (this.press?.dragging) this.tool.cancel()
    this.surface.element.style.touchAction = ''
    this.surface.setCursor('')
  }

  private down(event: PointerEvent): void {
    if (this.press) {
      // a second finger: zooming, not editing
      this.abort()
      if (this.press) this.press.spent = true
      clearTimeout(this.timer)
      return
    }
    // a finger that joins others which are left from a zoom draws nothing either
    if (event.button !== 0 || event.isPrimary === false) return
    const start = this.surface.read(event)
    const press: Press = {
      id: event.pointerId,
      start,
      taken: this.tool.down(start),
      dragging: false,
      held: false,
      spent: false,
    }
    this.press = press
    if (press.taken) this.surface.element.setPointerCapture?.(event.pointerId)
    clearTimeout(this.timer)
    if (start.touch) {
      const tell = () => {
        if (this.press !== press || press.dragging || press.spent) return
        press.held = true
        press.spent = !press.taken
        this.tool.longPress(start)
      }
      // where drawing a frame took longer than the press, its end is already waiting: it is heard first
      this.timer = setTimeout(() => {
        this.timer = setTimeout(tell, 0)
      }, LONG_PRESS_MS)
    }
  }

  private move(event: PointerEvent): void {
    const { press } = this
    if (!press) {
      if (event.pointerType !== 'touch' && event.buttons === 0)
        this.later(() => !this.surface.busy() && this.hover(this.surface.read(event)))
      return
    }
    if (press.id !== event.pointerId || press.spent) return
    const pointer = this.surface.read(event)
    if (!press.dragging) {
      const far = Math.hypot(pointer.x - press.start.x, pointer.y - press.start.y)
      if (far < (press.start.touch ? TREMBLE.touch : TREMBLE.mouse)) return
      clearTimeout(this.timer)
      press.dragging = true
    }
    if (press.taken) this.later(() => this.press === press && press.dragging && this.tool.drag(pointer))
  }

  private up(event: PointerEvent): void {
    const { press } = this
    if (press?.id !== event.pointerId) return
    clearTimeout(this.timer)
    this.press = null
    if (press.spent) return
    const pointer = this.surface.read(event)
    if (!press.dragging) {
      if (!press.held) this.click(pointer, event.timeStamp)
    } else if (press.taken) {
      this.pending = null
      this.tool.drag(pointer)
      this.tool.drop(pointer)
    }
  }

  private click(pointer: Pointer, time: number): void {
    const last = this.lastClick
    const near = last && Math.hypot(pointer.x - last.x, pointer.y - last.y) <= DOUBLE_REACH * (pointer.touch ? 2 : 1)
    if (last && near && time - last.time <= DOUBLE_MS) {
      this.lastClick = null
      this.tool.doubleClick(pointer)
    } else {
      this.lastClick = { x: pointer.x, y: pointer.y, time }
      this.tool.click(pointer)
    }
    if (!pointer.touch) this.hover(pointer)
  }

  private lose(event: PointerEvent): void {
    if (this.press?.id !== event.pointerId) return
    clearTimeout(this.timer)
    this.abort()
    this.press = null
  }

  private hover(pointer: Pointer | null): void {
    this.surface.setCursor(this.tool.hover(pointer))
  }

  // At most one look or one step of a drag per frame: what comes in between would never be seen.
  private later(run: () => void): void {
    this.pending = run
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      const last = this.pending
      this.pending = null
      last?.()
    })
  }
}
