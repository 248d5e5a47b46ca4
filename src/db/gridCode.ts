// What the database takes as the code of a grid (private.is_grid_code), so that it can be said while one types.

/** The longest code. */
export const MOST_CODE = 40

/** A code as the database keeps and compares it: １０１ is 101, and no space around it. */
export const plainCode = (code: string): string => code.normalize('NFKC').trim()

/** Whether a plain code is one: letters A–Z and digits, between them single hyphens or underscores. */
export const isGridCode = (code: string): boolean =>
  code.length <= MOST_CODE && /^[0-9A-Za-z]+([_-][0-9A-Za-z]+)*$/.test(code)
