import { expect, test, vi } from 'vitest'
import laws from './laws.cjs'

laws({ test, expect, fake: vi })
