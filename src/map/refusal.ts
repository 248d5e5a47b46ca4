/** How a database function says no: as a value, with words made for the screen. */
export interface Refusal {
  status: string
  errors?: { field: string; code: string; message: string }[]
}

/** The same as a failure of the call, for who shows one kind of failure only. */
export const refused = (refusal: Refusal) => ({
  code: refusal.errors?.[0]?.code ?? 'REJECTED',
  kind: 'rejected' as const,
  message: refusal.errors?.map((error) => error.message).join('；') ?? refusal.status,
})

/** An answer that may be a refusal, as one kind of failure; `has` knows the answer by what is in it. */
export function told<T, E>(
  answer: { ok: true; data: T | Refusal } | { ok: false; error: E },
  has: (data: object) => boolean,
): { ok: true; data: T } | { ok: false; error: E | ReturnType<typeof refused> } {
  if (!answer.ok) return answer
  return has(answer.data as object)
    ? { ok: true, data: answer.data as T }
    : { ok: false, error: refused(answer.data as Refusal) }
}
