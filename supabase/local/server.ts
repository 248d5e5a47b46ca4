import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { CannotStart } from './errors.ts'
import { route, type State } from './router.ts'

/** Handles a request itself and says so, or leaves it to the router (vite's middleware in development). */
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

export interface Listening {
  server: Server
  port: number
  /** Requests that are not for the backend go here first. */
  use(middleware: Middleware): void
  /** Takes no new requests, lets the running ones finish (at most `patience` ms). */
  close(patience?: number): Promise<void>
}

const backend = /^\/(rest|auth|storage|realtime)\/v1(\/|$)|^\/(health|config\.json)(\?|$)/

/** Listens at once, before the database is open: whoever asks meanwhile is told that it is starting. */
export async function listen(port: number, host: string, state: State): Promise<Listening> {
  const listener = getRequestListener(
    (request, { incoming }) => route(request, (incoming as IncomingMessage).socket.remoteAddress ?? '', state),
    { overrideGlobalObjects: false },
  )
  let middleware: Middleware | undefined
  const server = createServer((request, response) => {
    if (middleware && !backend.test(request.url ?? ''))
      middleware(request, response, () => void listener(request, response))
    else void listener(request, response)
  })
  // Node closes an idle connection after 5 s, just when a browser may be about to use it again.
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 70_000
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, port, host)))
    server.listen(port, host, resolve)
  })
  return {
    server,
    port: (server.address() as AddressInfo).port,
    use: (given) => {
      middleware = given
    },
    close: (patience = 5_000) =>
      new Promise((resolve) => {
        const force = setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, patience)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function explained(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new CannotStart(
      `端口 ${port} 已被占用。用 --port 换一个，或停止占用它的程序。\nPort ${port} is taken. Choose another with --port.`,
    )
  }
  if (error.code === 'EACCES') {
    return new CannotStart(`没有权限监听端口 ${port} · Not allowed to listen on port ${port}`)
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new CannotStart(`本机没有地址 ${host} · This machine has no address ${host}`)
  }
  return error
}
