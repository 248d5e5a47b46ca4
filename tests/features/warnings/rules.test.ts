import { expect, it } from 'vitest'
import { changesOf, draftOf, faultsOf, type WarningRule } from '../../../src/features/warnings/rules'

const told = {
  changed_at: null,
  changed_by: null,
  note: null,
  versions: 1,
  raised: 0,
  open: 0,
  handled: 0,
  false_alarms: 0,
  false_alarm_rate: null,
}
const rules: WarningRule[] = [
  {
    ...told,
    kind: 'index_up',
    enabled: true,
    parameters: { rise: 15, days: 7 },
    bounds: [
      { word: 'rise', least: 1, most: 100, whole: false },
      { word: 'days', least: 1, most: 90, whole: true },
    ],
  },
  {
    ...told,
    kind: 'unpatrolled',
    enabled: false,
    parameters: { periods: 2 },
    bounds: [{ word: 'periods', least: 1, most: 12, whole: true }],
  },
]

it('a draft of what holds changes nothing', () => {
  expect(changesOf(draftOf(rules), rules)).toEqual({})
  expect(faultsOf(draftOf(rules), rules)).toEqual([])
})

it('only what differs is sent, as numbers', () => {
  const draft = draftOf(rules)
  draft.index_up!.parameters.rise = '12.5'
  draft.unpatrolled!.enabled = true
  expect(changesOf(draft, rules)).toEqual({ index_up: { parameters: { rise: 12.5 } }, unpatrolled: { enabled: true } })
  // typed another way it is the same figure
  draft.index_up!.parameters.rise = '15.0'
  expect(changesOf(draft, rules)).toEqual({ unpatrolled: { enabled: true } })
})

it('what is no figure within its bounds is a fault', () => {
  const draft = draftOf(rules)
  for (const [word, typed, wrong] of [
    ['rise', '0.9', true],
    ['rise', '1', false],
    ['rise', '100', false],
    ['rise', '100.1', true],
    ['rise', '', true],
    ['rise', ' ', true],
    ['rise', '十五', true],
    ['days', '7.5', true],
    ['days', '90', false],
  ] as const) {
    draft.index_up = { enabled: true, parameters: { rise: '15', days: '7', [word]: typed } }
    expect(faultsOf(draft, rules), `${word} ${typed}`).toEqual(wrong ? [`index_up.${word}`] : [])
  }
})
