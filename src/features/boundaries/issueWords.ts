// What is wrong, in the words that the database would use; so that nobody learns two languages for one mistake.
import type { CellId, Issue, Reason } from '../../geo/coverage/types'
import { areaWords } from './areaWords'

type Translate = (key: string, named: Record<string, unknown>) => string
type NameOf = (id: CellId | undefined) => string

/** An issue in one sentence. */
export function issueWords(t: Translate, issue: Issue, nameOf: NameOf, parentOf: NameOf, locale: string): string {
  const [a, b] = issue.cells
  return t(`boundaries.issue.${issue.code}`, {
    a: nameOf(a),
    b: nameOf(b),
    parent: parentOf(a),
    area: areaWords(issue.area_m2 ?? 0, locale),
    at: issue.at.map((degrees) => degrees.toFixed(6)).join(', '),
  })
}

/** Why a command was refused, in one sentence. */
export function reasonWords(t: Translate, reason: Reason, nameOf: NameOf): string {
  const names = (reason.cells ?? [])
    .slice(0, 3)
    .map((id) => nameOf(id))
    .join('、')
  // a line that runs through no grid at all has not missed a certain one
  const code = reason.code === 'DOES_NOT_CROSS' && !names ? 'CROSSES_NOTHING' : reason.code
  return t(`boundaries.reason.${code}`, {
    names,
    n: Object.values(reason.values ?? {})[0] ?? '',
  })
}
