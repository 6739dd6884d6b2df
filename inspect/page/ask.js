/** Hooks: what a view asks, and asks anew when something has changed. */
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'

import { live, now, onChange, onLive } from './live.js'
import { onRoute, route } from './route.js'

/** Milliseconds between two questions of one kind: four a second. */
const PAUSE = 250

/** One question that is put again and again, never twice at a time. */
export class Question {
  /**
   * @param {(signal: AbortSignal) => Promise<any>} ask
   * @param {(answer: { value?: any, error?: Error }) => void} tell
   */
  constructor(ask, tell) {
    this.ask = ask
    this.tell = tell
    this.abort = new AbortController()
    this.isBusy = false
    this.isDue = false
    this.lastAsked = -Infinity
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
  }

  /** Puts it now, or as soon as the one before it has been answered and the pause is over. */
  again() {
    this.isDue = true
    if (this.isBusy || this.timer !== undefined || this.abort.signal.aborted) return
    const wait = this.lastAsked + PAUSE - performance.now()
    if (wait <= 0) void this.put()
    else {
      this.timer = setTimeout(() => {
        this.timer = undefined
        void this.put()
      }, wait)
    }
  }

  async put() {
    this.isDue = false
    this.isBusy = true
    this.lastAsked = performance.now()
    const { signal } = this.abort
    /** @type {{ value?: any, error?: Error }} */
    let answer
    try {
      answer = { value: await this.ask(signal) }
    } catch (error) {
      answer = { error: /** @type {Error} */ (error) }
    }
    this.isBusy = false
    if (signal.aborted) return
    this.tell(answer)
    if (this.isDue) this.again()
  }

  end() {
    clearTimeout(this.timer)
    this.abort.abort()
  }
}

/**
 * Asks, and asks again whenever something in the database has changed. While the next answer is awaited the last one stands.
 * @template T
 * @param {string | null} key says what is asked: another key is another question; null asks nothing
 * @param {(signal: AbortSignal) => Promise<T>} ask depends on the key alone
 * @returns {{ value: T | undefined, error: any, again: () => void }}
 */
export function useAsk(key, ask) {
  const [answer, setAnswer] = useState(/** @type {any} */ ({ key: null }))
  const question = useRef(/** @type {Question | null} */ (null))
  useEffect(() => {
    if (key === null) return undefined
    const asked = new Question(ask, (told) => setAnswer({ key, ...told }))
    question.current = asked
    const stop = onChange(() => asked.again())
    asked.again()
    return () => {
      stop()
      asked.end()
    }
  }, [key])
  const current = answer.key === key ? answer : {}
  return { value: current.value, error: current.error, again: () => question.current?.again() }
}

/** Draws again when `live` changes. */
export function useLive() {
  const [, draw] = useReducer((/** @type {number} */ n) => n + 1, 0)
  useEffect(() => {
    const stop = onLive(() => draw(undefined))
    // What was told between the drawing and this moment.
    draw(undefined)
    return stop
  }, [])
  return live
}

/** The database's time; on the system's clock it is drawn anew every second. */
export function useNow() {
  const { mode } = useLive()
  const [, draw] = useReducer((/** @type {number} */ n) => n + 1, 0)
  useEffect(() => {
    if (mode !== 'system') return undefined
    const timer = setInterval(() => draw(undefined), 1000)
    return () => clearInterval(timer)
  }, [mode])
  return now()
}

/** The address, drawn again when it changes. */
export function useRoute() {
  const [, draw] = useReducer((/** @type {number} */ n) => n + 1, 0)
  useEffect(() => {
    const stop = onRoute(() => draw(undefined))
    draw(undefined)
    return stop
  }, [])
  return route()
}
