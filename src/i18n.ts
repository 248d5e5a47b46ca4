import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'

export type Locale = 'zh-CN' | 'en'
export const LOCALES: readonly Locale[] = ['zh-CN', 'en']
const LOCALE_KEY = 'safegrid.locale'

interface Words {
  [key: string]: string | Words
}
type RoomMessages = Record<Locale, Words>

/** The words of the first pages. Those of every other feature come with the screen that shows them (`addWords`). */
const rooms = import.meta.glob<RoomMessages>(
  [
    './features/{auth,blindSpots,enterprises,grids,hazards,layers,risk,search}/messages.ts',
    './{db,map,screens,ui}/messages.ts',
  ],
  { eager: true, import: 'default' },
)

/** Puts the words of all rooms together: each room brings one top key named after it. */
export function mergeMessages(parts: Iterable<RoomMessages>): RoomMessages {
  const merged: RoomMessages = { 'zh-CN': {}, en: {} }
  for (const part of parts) for (const locale of LOCALES) Object.assign(merged[locale], part[locale])
  return merged
}

/** The person's earlier choice, else the browser's language, else Chinese. */
export function chooseLocale(saved: string | null, languages: readonly string[]): Locale {
  if (saved === 'zh-CN' || saved === 'en') return saved
  const first = languages[0] ?? 'zh-CN'
  return first.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

function readSaved(): string | null {
  try {
    return localStorage.getItem(LOCALE_KEY)
  } catch {
    return null // storage may be blocked; the browser's language will do
  }
}

const browserLanguages = typeof navigator === 'undefined' ? [] : (navigator.languages ?? [])

export const i18n = createI18n({
  legacy: false,
  locale: chooseLocale(readSaved(), browserLanguages) as string,
  fallbackLocale: 'zh-CN',
  messages: mergeMessages(Object.values(rooms)),
  // Words may hold anything a person typed; they are shown as text, never as HTML.
  warnHtmlMessage: false,
})

const added = new Set<RoomMessages>()

/** Adds the words of a feature that the first pages do without; a screen does it for the features it shows. */
export function addWords(...parts: RoomMessages[]): void {
  for (const part of parts) {
    if (added.has(part)) continue
    added.add(part)
    for (const locale of LOCALES) i18n.global.mergeLocaleMessage(locale, part[locale])
  }
}

/** The locale shown now; reactive. */
const currentLocale = (): Locale => i18n.global.locale.value as Locale

/** Changes the language of the page and remembers it in this browser. */
export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  try {
    localStorage.setItem(LOCALE_KEY, locale)
  } catch {
    // kept for this visit only
  }
}

if (typeof document !== 'undefined') {
  watchEffect(() => {
    document.documentElement.lang = currentLocale()
  })
}
