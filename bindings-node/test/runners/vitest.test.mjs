import { expect, test } from 'vitest'
import records from './records.cjs'

records({ test, expect })
