// Every operation on a coverage: (coverage, …) → Edit. Pure; wrong input is a reason, never an exception.
export { deleteVertex } from './deleteVertex'
export { insertVertex } from './insertVertex'
export { moveVertex } from './moveVertex'
