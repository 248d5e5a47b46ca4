/** Every reason a file, a polygon or a cell is refused or remarked on. The wizard may switch on it; people read the message. */
export type FileIssueCode =
  | 'TOO_LARGE'
  | 'EMPTY_FILE'
  | 'WRONG_TYPE'
  | 'BROKEN_FILE'
  | 'ZIP_BOMB'
  | 'ZIP_NESTED'
  | 'ZIP_ENCRYPTED'
  | 'NO_LAYER'
  | 'NO_FEATURES'
  | 'TOO_MANY_FEATURES'
  | 'TOO_MANY_ROWS'
  | 'TOO_MANY_VERTICES'
  | 'NO_POLYGONS'
  | 'NOT_A_POLYGON'
  | 'NULL_GEOMETRY'
  | 'INVALID_COORDINATE'
  | 'INVALID_RING'
  | 'UNCLOSED_RING'
  | 'ORPHAN_HOLE'
  | 'EXTRA_DIMENSIONS'
  | 'METRES_NOT_DEGREES'
  | 'SWAPPED_AXES'
  | 'OUT_OF_RANGE'
  | 'UNKNOWN_CRS'
  | 'NO_DATUM_SHIFT'
  | 'ENCODING_DOUBTFUL'
  | 'DELETED_RECORD'
  | 'COUNT_MISMATCH'
  | 'CRS_CONTRADICTION'
  | 'DEGREES_NOT_METRES'
  | 'FAR_AWAY'
  | 'MISSING_DBF'
  | 'MISSING_PRJ'
  | 'SEVERAL_LAYERS'
  | 'SEVERAL_SHEETS'
  | 'UNEVEN_ROWS'
  | 'DUPLICATE_HEADER'
  | 'NO_HEADER'
  | 'LOST_DIGITS'
  | 'CANCELLED'

/** One remark about a file: a neutral code, and the words for it in both languages. */
export interface FileIssue {
  code: FileIssueCode
  /** Chinese words, ready to be shown. */
  message: string
  /** The same in English. */
  messageEn: string
  /** Position (from 0) of the feature in the file, equal to `Feature.id` of those that were kept. */
  feature?: number
  /** Position (from 0) of the data row in the file, header not counted. */
  row?: number
  /** The feature or row is not among those given back. */
  leftOut?: boolean
}

/** Something the reader guessed, so that the screen can show the guess and its reason and let the user correct it. */
export interface Guess {
  name: string
  /** false when the file says so itself or the user chose it. */
  guessed: boolean
  /** Chinese: why this and not another. */
  why: string
  whyEn: string
}

/** No file above this is read; compare with `File.size` before reading it into memory. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024

/** A failure that stops reading. Thrown only inside src/files, and turned into a value at its door. */
export class FileRefusal extends Error {
  readonly issue: FileIssue
  constructor(code: FileIssueCode, message: string, messageEn: string) {
    super(message)
    this.issue = { code, message, messageEn }
  }
}

/** Whatever stopped the reading, as words. A file can be broken in ways no reader foresaw; the person still gets an answer. */
export function issueOf(reason: unknown, signal?: AbortSignal): FileIssue {
  if (reason instanceof FileRefusal) return reason.issue
  if (signal?.aborted) return { code: 'CANCELLED', message: '已取消', messageEn: 'Cancelled' }
  const detail = reason instanceof Error ? reason.message.slice(0, 120) : ''
  return {
    code: 'BROKEN_FILE',
    message: `文件无法读取，可能已损坏${detail ? `（${detail}）` : ''}`,
    messageEn: `The file cannot be read, it may be damaged${detail ? ` (${detail})` : ''}`,
  }
}
