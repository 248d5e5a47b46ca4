// From what is known and in hand to what is drawn. Each part is its own computed value: a click rebuilds a mark, not
// a thousand outlines.
import type { Feature } from 'geojson'
import { computed } from 'vue'
import type { CellId, Position } from '../../geo/coverage/types'
import { areaWords } from './areaWords'
import { asFeature, type BoundaryPicture, collect, drawnId, type MarkRole, NOTHING } from './boundaryLayer'
import { useBoundaries } from './boundaryStore'
import { useDesk } from './deskStore'
import { opened } from './editSession'
import { pointsOf, samePlace } from './locate'
import { useSaving } from './savingStore'
import { signsOf } from './signs'
import { sketchFeatures } from './sketchPicture'
import { choosable } from './tools/choosing'
import { cutsAcross } from './tools/giving'

/** The short name for a label: 盘山村村民委员会 → 盘山村. */
export const shortName = (name: string): string => name.replace(/(?<=..)(村民委员会|居民委员会|村委会|居委会)$/u, '')

export function usePicture(locale: () => string, t: (key: string) => string) {
  const store = useBoundaries()
  const desk = useDesk()
  const saving = useSaving()

  const cells = computed(() => {
    const { coverage } = store
    if (!coverage) return NOTHING
    const features: Feature[] = []
    for (const [id, shape] of store.shapes) {
      features.push(asFeature(shape.geometry, { id, level: coverage.cells.get(id)?.level ?? 0 }, drawnId(id)))
    }
    return collect(features)
  })

  const names = computed(() => {
    const { coverage, shapesBefore } = store
    const changed = new Set(store.changes.map((change) => change.cell))
    const features: Feature[] = []
    for (const [id, shape] of store.shapes) {
      const level = coverage?.cells.get(id)?.level
      if (level !== coverage?.level) continue
      const before = shapesBefore.get(id)
      const difference = changed.has(id) ? shape.area_m2 - (before?.area_m2 ?? 0) : 0
      const note = Math.abs(difference) < 1 ? '' : `\n${areaWords(difference, locale(), true)}`
      const name = shortName(store.details.get(id)?.name ?? '')
      features.push(
        asFeature({ type: 'Point', coordinates: shape.center }, { name, level, note, cell: id }, drawnId(id)),
      )
    }
    return collect(features)
  })

  const marks = computed(() => {
    const roles = new Map<CellId, MarkRole>()
    for (const change of store.changes) roles.set(change.cell, 'changed')
    if (desk.hovered !== null && !desk.dragging) roles.set(desk.hovered, 'hovered')
    if (desk.cell !== null) roles.set(desk.cell, 'selected')
    // who cannot be chosen steps back
    const open = store.coverage && choosable(store.coverage, desk.tool, desk.picked)
    const settled = desk.tool === 'give' && desk.picked.length > 1
    for (const id of open && !settled ? store.shapes.keys() : []) {
      if (!open?.has(id) && store.coverage?.cells.get(id)?.level === desk.level) roles.set(id, 'barred')
    }
    for (const id of desk.picked) roles.set(id, 'picked')
    const [first, second] = desk.picked
    if (desk.tool === 'merge' && first !== undefined) roles.set(first, 'target')
    if (desk.tool === 'give' && second !== undefined) roles.set(second, 'target')
    return collect(
      [...roles].flatMap(([id, role]) => {
        const shape = store.shapes.get(id)
        return shape ? [asFeature(shape.geometry, { id, role }, drawnId(id))] : []
      }),
    )
  })

  // Only borders that are elsewhere now: the others would lie on themselves.
  const before = computed(() => {
    const { session, coverage } = store
    const base = session && opened(session).coverage
    if (!base || !coverage || base === coverage) return NOTHING
    return collect(
      base.arcs.differing(coverage.arcs).flatMap((id) => {
        const points = base.arcs.get(id)?.points
        return points ? [asFeature({ type: 'LineString', coordinates: [...points] })] : []
      }),
    )
  })

  const gaps = computed(() =>
    collect(store.gaps.map((gap) => asFeature(gap.polygon, { id: gap.id, area_m2: gap.area_m2 }, gap.id + 1))),
  )
  const issues = computed(() =>
    collect([
      ...store.issues.flatMap((issue) => (issue.code === 'GAP' ? [] : [asFeature(issue.shape)])),
      ...saving.violations.flatMap(({ geometry }) => (geometry ? [asFeature(geometry)] : [])),
    ]),
  )

  const signs = computed(() =>
    collect(
      signsOf([...store.issues, ...(store.dirty ? [] : store.untidy)], store.gaps, saving.violations).map(
        ({ at, kind, code }, i) =>
          asFeature({ type: 'Point', coordinates: at }, { kind, word: t(`boundaries.map.sign.${code}`) }, i + 1),
      ),
    ),
  )

  const handles = computed(() => {
    const held = desk.stretchHandle
    const stretched = held && store.coverage ? pointsOf(store.coverage, held) : []
    const chosen = (at: Position) =>
      (desk.vertex !== null && samePlace(desk.vertex, at)) ||
      (stretched.length > 0 && (samePlace(stretched[0]!, at) || samePlace(stretched.at(-1)!, at)))
    return collect(
      desk.handles.map(({ at, kind, fixed }, i) =>
        asFeature({ type: 'Point', coordinates: at }, { kind, fixed, chosen: kind !== 'mid' && chosen(at) }, i + 1),
      ),
    )
  })

  /** What is drawn to be given cuts the giver in two: it is shown as the line that it is. */
  function cuts(): boolean {
    const [from] = desk.picked
    const giver = desk.tool === 'give' && from !== undefined ? store.shapes.get(from)?.geometry : undefined
    const { points, cursor, done } = desk.sketch
    return giver !== undefined && cutsAcross(giver, cursor && !done ? [...points, cursor] : points)
  }

  const sketch = computed(() => {
    const held = desk.stretchHandle
    const stretch =
      held && store.coverage
        ? [asFeature({ type: 'LineString', coordinates: [...pointsOf(store.coverage, held)] }, { role: 'stretch' })]
        : []
    const cross =
      desk.sketch.byKeys && desk.sketch.cursor
        ? [asFeature({ type: 'Point', coordinates: desk.sketch.cursor }, { role: 'hand' })]
        : []
    return collect([...stretch, ...sketchFeatures(desk.tool, desk.sketch, locale(), cuts()), ...cross])
  })

  const moved = computed(() =>
    collect(
      (saving.consequences?.moved ?? []).map((thing) =>
        asFeature({ type: 'Point', coordinates: [thing.lon, thing.lat] }, { kind: thing.kind }),
      ),
    ),
  )

  return computed(
    (): BoundaryPicture => ({
      cells: cells.value,
      names: names.value,
      root: store.root?.feature.geometry ?? null,
      marks: marks.value,
      before: before.value,
      gaps: gaps.value,
      issues: issues.value,
      signs: signs.value,
      handles: handles.value,
      sketch: sketch.value,
      units: store.source?.units ?? NOTHING,
      moved: moved.value,
    }),
  )
}
