// Who is meant by a typed name. Pure.
import type { FoundPerson, NewLeader } from './boundaryRpc'

/** Those who are called just so: one of them may be meant. */
export const namesakes = (name: string, found: readonly FoundPerson[]): FoundPerson[] =>
  found.filter((person) => person.name.trim() === name.trim())

/** What the fields say. `asNew`: said in so many words that nobody on record is meant. */
export function leaderFrom(name: string, phone: string, chosen: FoundPerson | null, asNew: boolean): NewLeader | null {
  const words = name.trim()
  if (!words) return null
  if (chosen) return { user_id: chosen.user_id, name: chosen.name }
  return { name: words, phone: phone.trim(), ...(asNew ? { new: true } : {}) }
}

/** The option an arrow key goes to, round at both ends; -1 is none. */
export function nextOption(at: number, by: 1 | -1, count: number): number {
  if (count === 0) return -1
  if (at < 0) return by > 0 ? 0 : count - 1
  return (at + by + count) % count
}
