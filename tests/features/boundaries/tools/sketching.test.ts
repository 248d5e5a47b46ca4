import { describe, expect, it } from 'vitest'
import {
  dropped,
  EMPTY_SKETCH,
  movePoint,
  pointAt,
  put,
  type Sketch,
  stepBack,
  stepForth,
  stepped,
  withoutLast,
} from '../../../../src/features/boundaries/tools/sketching'

const drawn = (...points: [number, number][]): Sketch =>
  points.reduce<Sketch>((sketch, at) => put(sketch, at), EMPTY_SKETCH)
const back = (sketch: Sketch): Sketch => {
  const before = stepBack(sketch)
  if (!before) throw new Error('nothing to take back')
  return before
}

describe('a drawing', () => {
  it('is taken back point by point, and drawn again', () => {
    let sketch = drawn([1, 1], [2, 2], [3, 3])
    sketch = back(sketch)
    expect(sketch.points).toEqual([
      [1, 1],
      [2, 2],
    ])
    sketch = back(back(sketch))
    expect(sketch.points).toEqual([])
    expect(stepBack(sketch)).toBeNull()
    sketch = stepForth(stepForth(sketch)!)!
    expect(sketch.points).toHaveLength(2)
    // what is drawn now ends what could be drawn again
    expect(stepForth(put(sketch, [9, 9]))).toBeNull()
  })

  it('has no point upon its last, and a stroke is one step', () => {
    const sketch = put(drawn([1, 1]), [1, 1], [2, 2], [2, 2], [3, 3])
    expect(sketch.points).toHaveLength(3)
    expect(back(sketch).points).toEqual([[1, 1]])
    expect(put(sketch, [3, 3])).toBe(sketch)
  })

  it('can be mended: a moved point is a step, of finished lines too', () => {
    let sketch = stepped(drawn([1, 1], [2, 2]), {
      points: [],
      lines: [
        [
          [1, 1],
          [2, 2],
        ],
      ],
    })
    sketch = put(sketch, [5, 5])
    sketch = stepped(sketch, movePoint(sketch, { line: 0, index: 1 }, [7, 7]))
    expect(sketch.lines).toEqual([
      [
        [1, 1],
        [7, 7],
      ],
    ])
    sketch = stepped(sketch, movePoint(sketch, { line: -1, index: 0 }, [8, 8]))
    expect(sketch.points).toEqual([[8, 8]])
    expect(back(back(sketch)).lines).toEqual([
      [
        [1, 1],
        [2, 2],
      ],
    ])
    // the line that was finished is in hand again
    expect(back(back(back(back(sketch)))).points).toHaveLength(2)
  })

  it('loses its last point; put away, it can be had back', () => {
    const sketch = drawn([1, 1], [2, 2])
    expect(withoutLast(sketch).points).toEqual([[1, 1]])
    expect(withoutLast(EMPTY_SKETCH)).toBe(EMPTY_SKETCH)
    const gone = dropped(sketch)
    expect([gone.points, gone.lines, gone.done]).toEqual([[], [], false])
    expect(back(gone).points).toEqual(sketch.points)
  })

  it('is not changed while it is asked what it shall be called', () => {
    expect(stepBack({ ...drawn([1, 1]), done: true })).toBeNull()
  })

  it('knows the point under the pointer, the nearest one', () => {
    const project = ([x, y]: [number, number]) => ({ x: x * 100, y: y * 100 })
    const sketch = { ...drawn([1, 1], [1.05, 1]), lines: [[[3, 3] as [number, number]]] }
    const at = (x: number, y: number, touch = false) => pointAt(sketch, project, { x, y, touch })
    expect(at(104, 100)).toEqual({ line: -1, index: 1 })
    expect(at(100, 106)).toEqual({ line: -1, index: 0 })
    expect(at(300, 300)).toEqual({ line: 0, index: 0 })
    expect(at(100, 120)).toBeNull()
    expect(at(100, 120, true)).toEqual({ line: -1, index: 0 })
  })
})
