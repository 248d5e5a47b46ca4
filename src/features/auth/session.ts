import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { type AuthChangeEvent, askBackend, loadConfig, type Session, supabase } from '../../db/client'
import { isReachable, noteReachable, watchConnection } from '../../db/connection'
import { type Failure, failureOf, onUnauthorized, rpc } from '../../db/rpc'
import { forgetEverything } from './forget'
import { keepMe, readKeptMe, wasHere } from './keptMe'
import type { Me } from './me'
import { type SignInFailure, signInFailureOf } from './signInFailure'
import { openTabs, type Tabs } from './tabs'

/**
 * unknown: not asked yet, or the server could not be reached (`failure` says so).
 * expired: the page stays as it is, under a dialog that asks for the password.
 */
export type SessionState = 'unknown' | 'out' | 'in' | 'expired'

export type SignInResult = { ok: true } | { ok: false; failure: SignInFailure }

// Telling the server about signing out may fail or hang; the person is signed out here all the same.
const REVOKE_MS = 1500
// How long a page that could open from what is kept waits for the server.
const PATIENCE_MS = 4000

export const useSession = defineStore('session', () => {
  const state = ref<SessionState>('unknown')
  const me = shallowRef<Me | null>(null)
  const email = ref('')
  /** Why the start did not succeed; `start()` tries again. */
  const failure = shallowRef<Failure | null>(null)
  /** The deployment holds the demo county, whose sign-ins everybody may know. */
  const demo = ref(false)
  /** The session ended while nobody looked: who comes to the door without having asked for it is told why. */
  const ended = ref(false)

  const forgetters = new Set<() => void>()
  let waiting: ((signedIn: boolean) => void)[] = []
  let tabs: Tabs | undefined
  let watching = false
  let busy = false
  let settle: () => void = () => {}
  const known = new Promise<void>((done) => {
    settle = done
  })

  /** Resolves once it is known whether somebody is signed in (not while the server cannot be reached). */
  const whenKnown = (): Promise<void> => known

  /**
   * Reads the configuration and the session this browser kept. Never throws: see `failure`.
   * @param options.kept should the server not answer, go on as who was here last (the pages for a phone)
   */
  async function start(options: { kept?: boolean } = {}): Promise<void> {
    // For as long as the page lives, so what would stop it is not kept.
    if (!watching) watchConnection(askBackend)
    watching = true
    try {
      demo.value = (await loadConfig()).basemap.kind === 'demo'
    } catch {
      noteReachable(false)
      failure.value = failureOf(0, {})
      return
    }
    listen()
    const asking = askWho()
    if (!options.kept) return asking
    // An old token is renewed again and again for half a minute; without a network there is no use in waiting.
    const patience = navigator.onLine === false ? 0 : PATIENCE_MS
    await Promise.race([asking, new Promise((late) => setTimeout(late, patience))])
    if (state.value === 'unknown') goOnAsKept()
  }

  function goOnAsKept(): void {
    const kept = readKeptMe()
    if (!kept) return
    me.value = kept.me
    email.value = kept.email
    state.value = 'in'
    failure.value = null
    settle()
    const stop = watch(isReachable, async (reachable) => {
      if (reachable && !(await refreshMe())) stop()
    })
  }

  async function askWho(): Promise<void> {
    const { data, error } = await supabase().auth.getSession()
    if (data.session) failure.value = await enter(data.session)
    // A refresh that failed for want of a network leaves the session where it is: not signed out, only offline.
    else if (error && signInFailureOf(error).reason === 'offline') failure.value = failureOf(0, {})
    else leaveUnasked()
  }

  function listen(): void {
    if (tabs) return
    tabs = openTabs(() => {
      if (state.value === 'in' || state.value === 'expired') leaveMemory()
    })
    onUnauthorized(signInAgain)
    supabase().auth.onAuthStateChange((event, session) => {
      // What this page does itself it knows already; told late, its own sign-in would answer a later "expired".
      if (busy) return
      // supabase-js must not be called from inside its own event, so the rest waits for the next turn.
      setTimeout(() => void onAuthEvent(event, session), 0)
    })
  }

  async function onAuthEvent(event: AuthChangeEvent, session: Session | null): Promise<void> {
    if (event === 'SIGNED_OUT' && state.value === 'in') state.value = 'expired'
    if (event !== 'SIGNED_IN' && event !== 'TOKEN_REFRESHED') return
    if (!session || state.value === 'unknown') return
    // Another tab signed in: the same person goes on here too, another one needs an empty page.
    if (state.value === 'out') await enter(session)
    else if (session.user.id !== me.value?.user_id) location.assign('/')
    else if (state.value === 'expired') await resume()
  }

  /** Learns who it is. On failure the state stays as it was. */
  async function enter(session: Session): Promise<Failure | null> {
    const answer = await rpc<Me>('me')
    if (!answer.ok) {
      if (answer.error.kind !== 'unauthorized') return answer.error
      leaveUnasked()
      return null
    }
    email.value = session.user.email ?? ''
    ended.value = false
    me.value = answer.data
    keepMe(answer.data)
    state.value = 'in'
    settle()
    return null
  }

  /** Asks Auth. After `expired`, everything that waited for the password goes on. */
  async function signIn(address: string, password: string): Promise<SignInResult> {
    busy = true
    try {
      const { data, error } = await supabase().auth.signInWithPassword({ email: address.trim(), password })
      if (error) return { ok: false, failure: signInFailureOf(error) }
      if (state.value === 'expired') {
        await resume()
        return { ok: true }
      }
      const problem = await enter(data.session)
      if (problem) return { ok: false, failure: { reason: problem.kind === 'offline' ? 'offline' : 'server' } }
      return { ok: true }
    } finally {
      busy = false
    }
  }

  // Called for every refused request: first a new token, for a clock may be wrong; then the person.
  async function signInAgain(): Promise<boolean> {
    const { data, error } = await supabase().auth.refreshSession()
    if (data.session) return true
    if (error && signInFailureOf(error).reason === 'offline') return false
    if (state.value !== 'in' && state.value !== 'expired') return false
    state.value = 'expired'
    return new Promise((answer) => waiting.push(answer))
  }

  async function resume(): Promise<void> {
    state.value = 'in'
    release(true)
    // Rights may have changed in the meantime.
    await refreshMe()
  }

  /** Asks again who this is and what they may see. On failure what was known stays. */
  async function refreshMe(): Promise<Failure | null> {
    const answer = await rpc<Me>('me')
    if (!answer.ok) return answer.error
    if (state.value === 'in') {
      me.value = answer.data
      keepMe(answer.data)
    }
    return null
  }

  function release(signedIn: boolean): void {
    const answers = waiting
    waiting = []
    for (const answer of answers) answer(signedIn)
  }

  /** Ends the session here and in the other tabs, and leaves nothing of it in this browser. */
  async function signOut(): Promise<void> {
    busy = true
    try {
      tabs?.saySignedOut()
      const revoked = supabase().auth.signOut({ scope: 'local' })
      await Promise.race([revoked, new Promise((late) => setTimeout(late, REVOKE_MS))]).catch(() => undefined)
      await forgetEverything()
      leaveMemory()
    } finally {
      busy = false
    }
  }

  // Who signs out leaves nothing in this browser; somebody who is still known here did not.
  function leaveUnasked(): void {
    ended.value = wasHere()
    leaveMemory()
  }

  function leaveMemory(): void {
    for (const forget of forgetters) forget()
    me.value = null
    email.value = ''
    state.value = 'out'
    release(false)
    settle()
  }

  /** Registers what to forget at sign-out. @returns a function that takes it back. */
  function onSignOut(forget: () => void): () => void {
    forgetters.add(forget)
    return () => forgetters.delete(forget)
  }

  return { state, me, email, demo, ended, failure, start, whenKnown, refreshMe, signIn, signOut, onSignOut }
})
