import { describe, expect, it } from 'vitest'
import { failureOf } from '../../src/db/rpc'

describe('failureOf', () => {
  it.each([
    [0, {}, 'offline', 'OFFLINE'],
    [503, { code: '', message: 'Service Unavailable' }, 'offline', '503'],
    [502, {}, 'offline', '502'],
    [401, { code: '42501', message: 'permission denied for function me' }, 'unauthorized', '42501'],
    [401, { code: 'PGRST303', message: 'JWT expired' }, 'unauthorized', 'PGRST303'],
    [403, { code: '42501', message: 'permission denied for table grids' }, 'forbidden', '42501'],
    [500, { code: '57014', message: 'canceling statement due to statement timeout' }, 'timeout', '57014'],
    [405, { code: '25006', message: 'cannot execute INSERT in a read-only transaction' }, 'rejected', '25006'],
    [503, { code: '53100', message: 'could not extend file: No space left on device' }, 'rejected', '53100'],
    [504, {}, 'timeout', '504'],
    [429, { code: 'PT429', message: 'slow down' }, 'rejected', 'PT429'],
    [404, { code: 'PGRST202', message: 'Could not find the function' }, 'server', 'PGRST202'],
    [500, { code: 'XX000', message: 'stack of the server' }, 'server', 'XX000'],
    [400, { code: '22P02', message: 'invalid input syntax' }, 'rejected', '22P02'],
  ] as const)('%i %j is %s', (status, error, kind, code) => {
    const failure = failureOf(status, error)
    expect(failure).toMatchObject({ kind, code })
    expect(failure.message).toMatch(/[\u4e00-\u9fff]/)
  })

  it('keeps the words that our own functions wrote for the screen', () => {
    expect(failureOf(400, { code: 'P0001', message: '网格编码已存在' })).toEqual({
      code: 'P0001',
      kind: 'rejected',
      message: '网格编码已存在',
    })
  })

  it('never shows what the database says about itself', () => {
    for (const status of [400, 401, 403, 404, 500, 502]) {
      expect(failureOf(status, { code: 'XX000', message: 'relation "secret" does not exist' }).message).not.toMatch(
        'secret',
      )
    }
    expect(failureOf(500, { code: 'XX000', message: '内部错误 at db.ts:12' }).message).not.toMatch('db.ts')
  })
})
