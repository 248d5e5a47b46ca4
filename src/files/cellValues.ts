/*
 * From the words people write in cells to values. All of them: null for a blank (or "not assessed") cell, undefined for
 * words that are not understood, so that the two are never mixed up.
 */

/** Full-width digits, letters and signs to plain ones, and no spaces around. */
export function plain(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
    .trim()
}

type Words<T> = [RegExp, T][]

function lookUp<T>(text: string, words: Words<T>): T | null | undefined {
  const word = plain(text)
  if (word === '' || /^([-/—]+|无|未知|未评[定估级]|不详|n\/?a|null)$/i.test(word)) return null
  return words.find(([pattern]) => pattern.test(word))?.[1]
}

const RISK: Words<1 | 2 | 3 | 4> = [
  [/^(红色?|重大(风险)?|[1一Ⅰ]级?(风险)?|I级?|A级?|red)$/i, 1],
  [/^(橙色?|较大(风险)?|[2二Ⅱ]级?(风险)?|II级?|B级?|orange)$/i, 2],
  [/^(黄色?|一般(风险)?|[3三Ⅲ]级?(风险)?|III级?|C级?|yellow)$/i, 3],
  [/^(蓝色?|低(风险)?|较低(风险)?|[4四Ⅳ]级?(风险)?|IV级?|D级?|blue)$/i, 4],
]

/** Risk level of DOMAIN's four colours: 1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低. */
export const parseRiskLevel = (text: string) => lookUp(text.replace(/\s|风险等级[::]?/g, ''), RISK)

const GRADE: Words<1 | 2 | 3 | 4> = [
  [/^([1一Ⅰ]级?|I级?)$/i, 1],
  [/^([2二Ⅱ]级?|II级?)$/i, 2],
  [/^([3三Ⅲ]级?|III级?)$/i, 3],
  [/^([4四Ⅳ]级?|IV级?)$/i, 4],
]

/** Grade of a major hazard source (GB 18218), 1 the gravest; "不构成" is null. */
export function parseHazardSourceGrade(text: string) {
  return /^(否|不构成|非重大危险源)$/.test(plain(text)) ? null : lookUp(text, GRADE)
}

export type Scale = 'above' | 'small' | 'micro' | 'individual'

const SCALE: Words<Scale> = [
  [/^(规模以上|规上|大型|中型|大中型|是|above)(企业|工业)*$/i, 'above'],
  [/^(规模以下|规下|小型|小|否|small)(企业|工业)*$/i, 'small'],
  [/^(微型|微|小微|micro)(企业)*$/i, 'micro'],
  [/^(个体(工商户|户|经营)?|individual)$/i, 'individual'],
]

/** Scale of an enterprise; "中型" counts as above scale, "小微" as micro. */
export const parseScale = (text: string) => lookUp(text, SCALE)

export type Status = 'active' | 'suspended' | 'closed'

const STATUS: Words<Status> = [
  [/停[产业用]|歇业|整[顿改]|休眠|suspended/i, 'suspended'],
  [/注销|吊销|关[闭停]|取缔|倒闭|搬迁|closed/i, 'closed'],
  [/正常|在[营产业]|[营开]业|生产|存续|经营|运行|active/i, 'active'],
]

/** State of business. */
export const parseStatus = (text: string) => lookUp(text, STATUS)

/** A whole number such as 1,234 or 56人. */
export function parseCount(text: string): number | null | undefined {
  const word = plain(text).replace(/[,\s]|[人名个户]$/g, '')
  if (word === '' || /^[-/—]+$/.test(word)) return null
  return /^\d+(\.0+)?$/.test(word) ? Number(word) : undefined
}

/** A day as `YYYY-MM-DD`, from 2024-1-31, 2024/1/31, 2024.1.31, 20240131, 2024年1月31日; 长期 is null. */
export function parseDay(text: string): string | null | undefined {
  const word = plain(text)
  if (word === '' || /^([-/—]+|长期(有效)?|无(固定期限)?)$/.test(word)) return null
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(\s.*)?$/.exec(word) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(word)
  if (!found) return undefined
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real ? date.toISOString().slice(0, 10) : undefined
}

/**
 * An angle in degrees from 117.408, 117.408°, 117°24′30″, 117度24分30秒, E117°24.5′, 117-24-30 or 东经117.4.
 * South and west are negative. The range is not judged here.
 */
export function parseAngle(text: string): number | null | undefined {
  let word = plain(text).toUpperCase()
  if (word === '' || /^[-/—]+$/.test(word)) return null
  const negative = /^(南纬|西经)|[SW]/.test(word)
  word = word.replace(/^(东经|西经|北纬|南纬)[::]?|[NSEW]/g, '').trim()
  const number = /^([-+]?\d+(?:\.\d+)?)(?:°|度)?$/.exec(word)
  if (number) return (negative ? -1 : 1) * Number(number[1])
  const parts =
    /^(\d+)\s*(?:°|º|˚|度|-|\s|:)\s*(\d+(?:\.\d+)?)\s*(?:′|'|’|´|分|-|\s|:)?\s*(?:(\d+(?:\.\d+)?)\s*(?:″|"|”|''|′′|’’|秒)?)?$/.exec(
      word,
    )
  if (!parts) return undefined
  const [degrees, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
  if (minutes >= 60 || seconds >= 60) return undefined
  return (negative ? -1 : 1) * (degrees + minutes / 60 + seconds / 3600)
}

/** [longitude, latitude] from one cell: two angles between comma, semicolon or blank, in either order. */
export function parseLonLat(text: string): [number, number] | null | undefined {
  const word = plain(text).replace(/^[([{]|[)\]}]$/g, '')
  if (word === '') return null
  const halves = /[,;、]/.test(word) ? word.split(/[,;、]/) : word.split(/\s+/)
  const [first, second] = halves.filter((h) => h.trim() !== '').map(parseAngle)
  if (halves.length !== 2 || typeof first !== 'number' || typeof second !== 'number') return undefined
  // In China the larger one is the longitude, whichever comes first.
  const swapped = /^(北纬|N)|N$/.test((halves[0] ?? '').trim()) || (first < 60 && second > 70)
  return swapped ? [second, first] : [first, second]
}
