/** Metres of latitude in 1e-7 degrees. */
export const METRES_PER_UNIT = 0.0111195
