// The words of the whole interface: both languages have the same, and each can be read by vue-i18n.
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { chooseLocale, LOCALES, mergeMessages } from '../../src/i18n'

type Words = { [key: string]: string | Words }
const rooms = Object.entries(
  import.meta.glob<Record<(typeof LOCALES)[number], Words>>('../../src/**/messages.ts', {
    eager: true,
    import: 'default',
  }),
)

function flatten(words: Words, at = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${at}${key}`, value]] : flatten(value, `${at}${key}.`),
  )
}
/** Names in braces, each once, in alphabetical order. */
const blanks = (words: string): string[] => [...new Set(words.match(/\{\w+\}/g))].sort()

describe('words', () => {
  it('come from every room', () => {
    expect(rooms.length).toBeGreaterThan(8)
  })

  it.each(rooms)('%s has the same in both languages', (_, messages) => {
    const [chinese, english] = [flatten(messages['zh-CN']), flatten(messages.en)]
    expect(english.map(([key]) => key).sort()).toEqual(chinese.map(([key]) => key).sort())
    const byKey = new Map(english)
    const differing = chinese.filter(([key, words]) => String(blanks(words)) !== String(blanks(byKey.get(key) ?? '')))
    expect(differing).toEqual([])
  })

  it('do not overwrite each other: one room, one top key of its own', () => {
    const tops = rooms.flatMap(([, messages]) => Object.keys(messages['zh-CN']))
    expect(tops.filter((key, i) => tops.indexOf(key) !== i)).toEqual([])
  })

  it('can all be read', () => {
    const messages = mergeMessages(rooms.map(([, part]) => part))
    const faults: string[] = []
    for (const locale of LOCALES) {
      const { t } = createI18n({
        legacy: false,
        locale: locale as string,
        messages: messages as Record<string, Words>,
        missing: (_, key) => {
          faults.push(`${locale}: ${key} is missing`)
        },
      }).global
      for (const [key, words] of flatten(messages[locale])) {
        const named = Object.fromEntries(blanks(words).map((blank) => [blank.slice(1, -1), '7']))
        let shown = ''
        try {
          shown = t(key, named)
        } catch (cause) {
          faults.push(`${locale}: ${key}: ${cause}`)
        }
        // "@" and "|" mean something to vue-i18n; who writes one plainly gets other words than were meant.
        if (shown !== words.replaceAll(/\{\w+\}/g, '7') && !words.includes(' | ') && !words.includes("{'"))
          faults.push(`${locale}: ${key} reads ${shown}`)
      }
    }
    expect(faults).toEqual([])
  })

  it('are Chinese in Chinese, and English in English but for names', () => {
    const chinese = rooms.flatMap(([, messages]) => flatten(messages['zh-CN']))
    expect(chinese.filter(([, words]) => /[!！]/.test(words))).toEqual([])
    const english = rooms.flatMap(([, messages]) => flatten(messages.en))
    const mixed = english.filter(([, words]) => /[\u3000-\u303f\uff00-\uffef]/.test(words))
    expect(mixed).toEqual([])
  })
})

describe('chooseLocale', () => {
  it('keeps what the person chose', () => {
    expect(chooseLocale('en', ['zh-CN'])).toBe('en')
    expect(chooseLocale('zh-CN', ['en-US'])).toBe('zh-CN')
  })

  it('else follows the browser, and is Chinese when nothing says otherwise', () => {
    expect(chooseLocale(null, ['zh-TW', 'en'])).toBe('zh-CN')
    expect(chooseLocale(null, ['en-GB'])).toBe('en')
    expect(chooseLocale(null, ['fr'])).toBe('en')
    expect(chooseLocale(null, [])).toBe('zh-CN')
    expect(chooseLocale('xx', ['zh'])).toBe('zh-CN')
  })
})
