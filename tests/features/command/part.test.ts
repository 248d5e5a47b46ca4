import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import type { Result } from '../../../src/db/rpc'
import { sameBut, usePart } from '../../../src/features/command/part'

const refused: Result<string> = { ok: false, error: { code: '500', message: '服务器出错', kind: 'server' } }

/** Two parts of one screen; each answer comes when the test says so. */
function screen() {
  const holding = ref(false)
  const waiting: Record<string, (answer: Result<string>) => void> = {}
  const part = (name: string) =>
    usePart<string, [string]>(
      '',
      (sector) =>
        new Promise((resolve) => {
          waiting[`${name} ${sector}`] = resolve
        }),
      holding,
    )
  const [map, figures] = [part('map'), part('figures')]
  return {
    holding,
    map,
    figures,
    ask: (sector: string) => Promise.all([map.load(sector), figures.load(sector)]),
    answer: (what: string, answer: Result<string> = { ok: true, data: what }) => waiting[what]?.(answer),
    shown: () => [map.data.value, figures.data.value],
  }
}
/** Lets what was answered arrive. */
const arrived = () => new Promise((next) => setTimeout(next))

describe('the parts of one screen', () => {
  it('never show two sectors beside each other, in whatever order answers come', async () => {
    const { ask, answer, shown, map, figures } = screen()
    void ask('fire')
    answer('map fire')
    answer('figures fire')
    await arrived()
    expect(shown()).toEqual(['map fire', 'figures fire'])
    void ask('mining')
    expect(shown()).toEqual(['', ''])
    void ask('grain')
    answer('map grain')
    answer('figures mining')
    await arrived()
    expect(shown()).toEqual(['map grain', ''])
    expect([map.isCurrent.value, figures.isCurrent.value]).toEqual([true, false])
    answer('figures grain')
    answer('map mining')
    await arrived()
    expect(shown()).toEqual(['map grain', 'figures grain'])
  })

  it('change at once when answers are quick, and keep together what was shown until then', async () => {
    const { holding, ask, answer, shown, map, figures } = screen()
    void ask('fire')
    answer('map fire')
    answer('figures fire')
    await arrived()
    for (const part of [map, figures]) part.hold()
    holding.value = true
    void ask('mining')
    answer('map mining')
    await arrived()
    expect(shown()).toEqual(['map fire', 'figures fire'])
    answer('figures mining')
    await arrived()
    holding.value = false
    expect(shown()).toEqual(['map mining', 'figures mining'])
  })

  it('say what could not be read, and forget it with the next answer; a refresh that fails takes nothing away', async () => {
    const { ask, answer, shown, figures } = screen()
    void ask('fire')
    answer('map fire')
    answer('figures fire', refused)
    await arrived()
    expect([...shown(), figures.lost.value]).toEqual(['map fire', '', true])
    void ask('fire')
    answer('figures fire')
    await arrived()
    expect([...shown(), figures.lost.value]).toEqual(['map fire', 'figures fire', false])
    void ask('fire')
    answer('figures fire', refused)
    await arrived()
    expect([...shown(), figures.lost.value]).toEqual(['map fire', 'figures fire', false])
    void ask('mining')
    answer('figures mining', refused)
    await arrived()
    expect([...shown(), figures.lost.value]).toEqual(['', '', true])
  })

  it('know whether two questions differ in the sector only', () => {
    expect(sameBut('[1,"fire",{"to":"2026-11-22"}]', '[1,null,{"to":"2026-11-22"}]', 1)).toBe(true)
    expect(sameBut('[1,"fire",{"to":"2026-11-22"}]', '[2,null,{"to":"2026-11-22"}]', 1)).toBe(false)
  })
})
