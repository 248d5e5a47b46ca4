import { describe, expect, it } from 'vitest'
import { signInFailureOf } from '../../../src/features/auth/signInFailure'

describe('signInFailureOf', () => {
  it('names a wrong password, whichever of the two was wrong', () => {
    expect(signInFailureOf({ status: 400, code: 'invalid_credentials' })).toEqual({ reason: 'wrong' })
    expect(signInFailureOf({ status: 422, code: 'validation_failed' })).toEqual({ reason: 'wrong' })
  })

  it('reads how long to wait from the words of both servers', () => {
    const wait = (message: string) => signInFailureOf({ status: 429, code: 'over_request_rate_limit', message })
    expect(wait('Too many wrong passwords; try again in 20 s')).toEqual({ reason: 'wait', seconds: 20 })
    expect(wait('For security purposes, you can only request this after 43 seconds.')).toEqual({
      reason: 'wait',
      seconds: 43,
    })
    expect(wait('Request rate limit reached')).toEqual({ reason: 'wait', seconds: 60 })
    expect(wait('try again in 999999 s')).toEqual({ reason: 'wait', seconds: 3600 })
    expect(wait('try again in 0 s')).toEqual({ reason: 'wait', seconds: 1 })
  })

  it('tells offline from a failing server', () => {
    expect(signInFailureOf({ message: 'Failed to fetch' })).toEqual({ reason: 'offline' })
    expect(signInFailureOf({ status: 0 })).toEqual({ reason: 'offline' })
    expect(signInFailureOf({ status: 503 })).toEqual({ reason: 'offline' })
    expect(signInFailureOf({ status: 500 })).toEqual({ reason: 'server' })
  })

  it('says when an account is closed', () => {
    expect(signInFailureOf({ status: 400, code: 'user_banned' })).toEqual({ reason: 'blocked' })
    expect(signInFailureOf({ status: 400, code: 'email_not_confirmed' })).toEqual({ reason: 'blocked' })
  })
})
