import { describe, expect, it } from 'vitest'
import {
  type Checked,
  type ImportEvent,
  type ImportSession,
  locked,
  missingColumns,
  nextSession,
  type Outcome,
  reachable,
  startSession,
  unsaved,
} from '../../../src/features/imports/importSession'
import { readGridFile } from '../../../src/files/readGridFile'
import { collection, squareGrid } from '../../files/make/geojson'

const FILE = { name: 'villages.geojson', size: 1000 }
const CHECKED: Checked = {
  problems: new Map(),
  belongs: new Map(),
  actions: new Map(),
  general: [],
  gaps: null,
  moved: null,
  accepted: true,
}
const OUTCOME: Outcome = {
  created: 1,
  updated: 0,
  skipped: 0,
  unclaimed: 0,
  moved: { enterprises: 0, hazards: 0 },
  gaps: null,
  foundDone: false,
}
const saving = { what: 'saving' as const, done: 0, total: 1, since: 0 }

const run = (session: ImportSession, ...events: ImportEvent[]) => events.reduce(nextSession, session)

async function read(bytes = collection([squareGrid('A', '甲', 117, 40)])): Promise<ImportSession> {
  const file = await readGridFile(FILE.name, bytes)
  return run(
    startSession(),
    { type: 'fileChosen', file: FILE, kind: 'grids' },
    { type: 'readDone', source: { kind: 'grids', file }, columns: { code: 'code', name: 'name' } },
  )
}

describe('an import', () => {
  it('goes from the file to the check by itself, and no further', async () => {
    const session = await read()
    expect(session.step).toBe('check')
    expect(reachable(session, 'preview')).toBe(true)
    expect(reachable(session, 'commit')).toBe(false)
  })

  it('cannot be previewed while a required column is missing', async () => {
    const session = run(await read(), { type: 'columnsChanged', columns: { code: 'code' } })
    expect(missingColumns(session)).toEqual(['name'])
    expect(reachable(session, 'preview')).toBe(false)
    expect(run(session, { type: 'wentTo', step: 'preview' }).step).toBe('check')
  })

  it('asks for the parent when parents are to come from a column or from one grid', async () => {
    const session = await read()
    const column = run(session, { type: 'gridOptionsChanged', options: { parentMode: 'column' } })
    expect(missingColumns(column)).toEqual(['parent'])
    const under = run(session, { type: 'gridOptionsChanged', options: { parentMode: 'under' } })
    expect(missingColumns(under)).toEqual(['under'])
  })

  it('forgets the verdict of the database as soon as anything it was about changes', async () => {
    const checked = run(await read(), { type: 'wentTo', step: 'preview' }, { type: 'checkDone', checked: CHECKED })
    expect(reachable(checked, 'commit')).toBe(true)
    const changes: ImportEvent[] = [
      { type: 'columnsChanged', columns: { code: 'code', name: 'name', kind: 'x' } },
      { type: 'gridOptionsChanged', options: { toleranceM: 5 } },
      { type: 'readerChanged', reader: { crs: 'GCJ-02' } },
      { type: 'excluded', indexes: [0] },
    ]
    for (const change of changes) {
      expect(run(checked, change).checked, change.type).toBeNull()
      expect(reachable(run(checked, change), 'commit'), change.type).toBe(false)
    }
  })

  it('keeps the columns a person chose when the file is read again in another way', async () => {
    const session = run(await read(), { type: 'columnsChanged', columns: { code: 'name', name: 'code' } })
    const again = run(session, { type: 'readDone', source: session.source!, columns: { code: 'code', name: 'name' } })
    expect(again.columns).toEqual({ code: 'name', name: 'code' })
    expect(again.step).toBe('check')
  })

  it('keeps the first file when a second one is refused', async () => {
    const session = run(await read(), { type: 'fileRefused', failure: { code: 'tooLarge' } })
    expect(session.failure?.code).toBe('tooLarge')
    expect(session.source).not.toBeNull()
    expect(session.file).toEqual(FILE)
  })

  it('loses nothing when a check or a commit fails', async () => {
    const before = run(await read(), { type: 'excluded', indexes: [7] }, { type: 'wentTo', step: 'preview' })
    const failed = run(
      before,
      { type: 'checkStarted', progress: saving },
      { type: 'checkFailed', failure: { code: 'offline' } },
    )
    expect(failed).toMatchObject({ source: before.source, columns: before.columns, busy: null, step: 'preview' })
    expect([...failed.excluded]).toEqual([7])
    const refused = run(
      before,
      { type: 'checkDone', checked: CHECKED },
      { type: 'commitStarted', progress: saving },
      { type: 'commitRefused', failure: { code: 'rejected' } },
    )
    expect(refused).toMatchObject({ source: before.source, step: 'commit', commit: { at: 'failed' } })
    expect(locked(refused)).toBe(false)
  })

  it('lets nothing be changed while nobody knows whether the commit was done', async () => {
    const lost = run(
      await read(),
      { type: 'checkDone', checked: CHECKED },
      { type: 'commitStarted', progress: saving },
      { type: 'commitLost', failure: { code: 'rpc' } },
    )
    expect(lost.commit.at).toBe('unknown')
    for (const event of [
      { type: 'fileChosen', file: FILE, kind: 'grids' },
      { type: 'kindChosen', kind: 'enterprises' },
      { type: 'columnsChanged', columns: {} },
      { type: 'startedOver' },
      { type: 'wentTo', step: 'choose' },
      { type: 'commitStarted', progress: saving },
    ] as ImportEvent[]) {
      expect(run(lost, event), event.type).toBe(lost)
    }
    expect(run(lost, { type: 'commitDone', outcome: OUTCOME }).commit.at).toBe('done')
    expect(run(lost, { type: 'commitNotDone' }).commit).toMatchObject({ at: 'failed', failure: { code: 'notDone' } })
  })

  it('goes back to the first file when the second cannot be read', async () => {
    const first = await read()
    const second = run(first, { type: 'fileChosen', file: { name: 'b.zip', size: 9 }, kind: 'grids' })
    expect(second.source).toBeNull()
    const back = run(second, { type: 'tookBack', before: first, failure: { code: 'file.BROKEN_FILE' } })
    expect(back).toMatchObject({
      step: 'choose',
      file: FILE,
      source: first.source,
      failure: { code: 'file.BROKEN_FILE' },
    })
  })

  it('asks before leaving from the file on until it is done', async () => {
    expect(unsaved(startSession())).toBe(false)
    const session = await read()
    expect(unsaved(session)).toBe(true)
    expect(unsaved(run(session, { type: 'commitDone', outcome: OUTCOME }))).toBe(false)
  })

  it('stands at the check with the reason when the order of the numbers must be said first', async () => {
    const turned = squareGrid('A', '甲', 40, 117)
    const session = await read(collection([turned]))
    expect(session.step).toBe('check')
    expect(session.failure?.code).toBe('file.SWAPPED_AXES')
    expect(reachable(session, 'preview')).toBe(false)
  })
})
