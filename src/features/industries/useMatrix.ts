import { onScopeDispose, shallowRef } from 'vue'
import { gridNamed } from '../../db/gridNamed'
import { type Failure, type Result, rpc } from '../../db/rpc'
import { type Refusal, refused } from '../../map/refusal'
import { type Matrix, type MatrixAnswer, matrixOf } from './matrix'
import { type SmallMap, smallMapOf } from './smallMap'

type MatrixState = 'loading' | 'ready' | 'failed' | 'missing'

/** Half a pixel of a small map. */
const TOLERANCE = { county: 0.0005, town: 0.0002 }

/**
 * The matrix below a grid on a day. What is shown stays until the newer answer is there; newer questions abort older
 * ones; disposed with the component that opened it.
 */
export function useMatrix() {
  const matrix = shallowRef<Matrix | null>(null)
  const state = shallowRef<MatrixState>('loading')
  const failure = shallowRef<Failure | null>(null)
  /** Something is being asked for. */
  const busy = shallowRef(false)
  /** Something else than what is shown: its figures are not those of the day and the grid that are chosen. */
  const turning = shallowRef(false)
  const outlines = shallowRef<SmallMap | null>(null)
  const outlineFailure = shallowRef<Failure | null>(null)
  let asking: AbortController | undefined
  let question: { grid: string | null; on: string | null } = { grid: null, on: null }
  /** Ids by code: a drill up and down again asks for none twice. */
  const idOf = new Map<string, number>()

  function settle(next: MatrixState, error: Failure | null = null): void {
    state.value = next
    failure.value = error
    busy.value = false
    turning.value = false
  }

  async function load(grid: string | null, on: string | null): Promise<void> {
    asking?.abort()
    const mine = new AbortController()
    asking = mine
    const same = grid === question.grid && on === question.on
    question = { grid, on }
    busy.value = true
    if (!same) turning.value = true
    if (state.value !== 'ready') state.value = 'loading'
    if (grid && !idOf.has(grid)) {
      const named = await gridNamed(grid)
      if (mine.signal.aborted) return
      if (named.failure) return fail(named.failure, same)
      if (!named.grid) return settle('missing')
      idOf.set(grid, named.grid.id)
    }
    const answer = await rpc<MatrixAnswer | Refusal>(
      'sector_matrix',
      { p_parent: grid ? idOf.get(grid) : null, p_on: on },
      { signal: mine.signal },
    )
    if (mine.signal.aborted) return
    if (!answer.ok) return fail(answer.error, same)
    if (answer.data.status === 'not_found') return settle('missing')
    if (!('cells' in answer.data)) return fail(refused(answer.data), same)
    matrix.value = matrixOf(answer.data)
    for (const { code, id } of [...answer.data.grids, ...answer.data.parent.trail]) idOf.set(code, id)
    settle('ready')
  }

  /** A refresh that fails leaves what is shown, and says so. */
  function fail(error: Failure, refresh: boolean): void {
    settle(refresh && matrix.value ? 'ready' : 'failed', error)
  }

  /** The outlines of the grids that are shown, once for each parent. */
  async function loadOutlines(): Promise<void> {
    const shown = matrix.value
    if (!shown || outlines.value?.parent === shown.parent.id) return
    const answer: Result<GeoJSON.FeatureCollection> = await rpc('grid_features', {
      p_level: null,
      p_parent: shown.parent.id,
      p_bbox: null,
      p_tolerance: shown.parent.level === 1 ? TOLERANCE.county : TOLERANCE.town,
    })
    if (matrix.value?.parent.id !== shown.parent.id) return
    outlineFailure.value = answer.ok ? null : answer.error
    if (answer.ok) outlines.value = smallMapOf(shown.parent.id, answer.data)
  }

  onScopeDispose(() => asking?.abort())
  return {
    matrix,
    state,
    failure,
    busy,
    turning,
    outlines,
    outlineFailure,
    load,
    loadOutlines,
    again: () => load(question.grid, question.on),
  }
}
