import { describe, expect, it } from 'vitest'
import { GroundWatch } from '../../src/map/groundWatch'

describe('a ground', () => {
  it('of which nothing came is missing, and that is said once', () => {
    const watch = new GroundWatch()
    watch.asked('ground-raster')
    watch.asked('ground-raster')
    expect(watch.missing()).toEqual(['ground-raster'])
    watch.asked('ground-raster')
    expect(watch.missing()).toEqual([])
  })

  it('is there when one tile came, however many others are not', () => {
    const watch = new GroundWatch()
    watch.asked('ground-vector')
    watch.came('ground-vector')
    watch.asked('ground-vector')
    expect(watch.missing()).toEqual([])
  })

  it('may be one of two: the other is missed', () => {
    const watch = new GroundWatch()
    watch.asked('ground-vec')
    watch.asked('ground-cva')
    watch.came('ground-vec')
    expect(watch.missing()).toEqual(['ground-cva'])
  })

  it('is not what our own records are', () => {
    const watch = new GroundWatch()
    watch.asked('grids')
    expect(watch.missing()).toEqual([])
  })
})
