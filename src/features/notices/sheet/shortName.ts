/** 盘山村村民委员会 → 盘山村: the suffix says nothing on a wall. */
export function shortName(name: string): string {
  const short = name.replace(/(村民委员会|居民委员会|村委会|居委会)$/u, '')
  return short.length < 2 ? name : short
}
