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
