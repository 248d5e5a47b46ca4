import type { EnterpriseRow } from './enterprises.ts'

/** A major hazard source of GB 18218 with what is in it. */
export interface SourceRow {
  id: string
  enterprise_id: string
  name: string
  substances: { name: string; quantity: number; threshold: number; beta: number }[]
}

/** By grade: what it is called, and [substance, tonnes, Q, β] (GB 18218-2018, tables 1 to 4). */
const KINDS: Record<number, readonly [string, readonly (readonly [string, number, number, number])[]][]> = {
  1: [
    [
      '液氯储罐区',
      [
        ['氯', 62, 5, 4],
        ['环氧乙烷', 24, 10, 2],
      ],
    ],
    [
      '环氧乙烷储罐区',
      [
        ['环氧乙烷', 270, 10, 2],
        ['甲醇', 400, 500, 1],
      ],
    ],
  ],
  2: [
    [
      '液氨储罐区',
      [
        ['氨', 134, 10, 2],
        ['甲醇', 520, 500, 1],
      ],
    ],
    ['液化气储罐区', [['液化石油气', 980, 50, 1.5]]],
  ],
  3: [
    [
      '原料罐区',
      [
        ['甲苯', 1150, 500, 1],
        ['液化石油气', 190, 50, 1.5],
      ],
    ],
    [
      '溶剂罐区',
      [
        ['甲醇', 2600, 500, 1],
        ['丙酮', 900, 500, 1],
      ],
    ],
  ],
  4: [
    [
      '成品油罐区',
      [
        ['汽油', 320, 200, 1],
        ['柴油', 600, 5000, 1],
      ],
    ],
    ['乙醇罐区', [['乙醇', 900, 500, 1]]],
  ],
}

/** One source for each enterprise that was listed with a grade, two where the grade is the gravest. */
export function makeSources(enterprises: readonly EnterpriseRow[]): SourceRow[] {
  return enterprises
    .filter((e) => e.major_hazard_source_grade !== null)
    .flatMap((e, i) => {
      const grade = e.major_hazard_source_grade!
      const kinds = KINDS[grade]!
      const second = grade === 1 ? [KINDS[4]![i % 2]!] : []
      return [kinds[i % kinds.length]!, ...second].map(([name, substances], n) => ({
        // the id of its enterprise with one digit of its own
        id: `${e.id.slice(0, -1)}${n}`,
        enterprise_id: e.id,
        name,
        substances: substances.map(([substance, tonnes, threshold, beta]) => ({
          name: substance,
          quantity: Math.round(tonnes * (1 + (i % 4) / 20)),
          threshold,
          beta,
        })),
      }))
    })
}
