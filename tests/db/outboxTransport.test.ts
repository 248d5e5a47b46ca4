import { expect, it } from 'vitest'
import { judge, reasonOf } from '../../src/db/outboxTransport'
import { failureOf } from '../../src/db/rpc'

const kindOf = (status: number, code?: string, message?: string) =>
  reasonOf(failureOf(status, { ...(code ? { code } : {}), ...(message ? { message } : {}) })).kind

it('ok is delivered; everything else is a refusal in the server’s words', () => {
  const answer = { status: 'ok', hazard: { id: 'h' }, errors: [] }
  expect(judge(answer)).toEqual({ ok: true, answer })
  const no = { status: 'rejected', errors: [{ message: '请选择行业领域' }, { message: '缺少位置' }] }
  expect(judge(no)).toEqual({
    ok: false,
    reason: { kind: 'refused', message: '请选择行业领域；缺少位置', answer: no },
  })
  // a step that somebody else was quicker with: the words, and what stands now
  const conflict = { status: 'conflict', hazard: { version: 5 }, reasons: [{ message: '这条隐患已被他人办理' }] }
  expect(judge(conflict)).toEqual({
    ok: false,
    reason: { kind: 'refused', message: '这条隐患已被他人办理', answer: conflict },
  })
  for (const nothing of [null, undefined, {}, 'ok', []]) {
    const attempt = judge(nothing)
    expect(attempt.ok).toBe(false)
    expect(!attempt.ok && attempt.reason.message).toBeTruthy()
  }
})

it('what passes by itself is tried again; what does not, waits for a person', () => {
  expect(kindOf(0)).toBe('offline')
  expect(kindOf(503)).toBe('offline')
  expect(kindOf(401)).toBe('signIn')
  expect(kindOf(429)).toBe('busy')
  expect(kindOf(500)).toBe('busy')
  expect(kindOf(400, '57014')).toBe('busy')
  // the server stops writing while its disk is full
  expect(kindOf(405, '25006')).toBe('busy')
  expect(kindOf(403, '42501')).toBe('refused')
  expect(kindOf(400, 'P0001', '标题不能为空')).toBe('refused')
})
