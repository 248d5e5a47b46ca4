// What of the blind spots answers to the pointer. Apart from how they look, which is loaded when they are first wanted.
export const GAP_SOURCE = 'blind-gaps'
export const MARK_SOURCE = 'blind-marks'
export const BLIND_POINT_LAYERS = ['blind-gap-marks', 'blind-marks']
export const BLIND_AREA_LAYERS = ['blind-gap-fill']

/** Whether what was hit is a blind spot. */
export const isBlindSpot = (source: string): boolean => source === GAP_SOURCE || source === MARK_SOURCE
