/** A person who has a keyboard and no pointer: what they reach by Tab they can see, and nothing holds them. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'

/** More stops than any page has: whoever needs more is going in a circle. */
const STOPS_MAX = 250

interface Stop {
  isWanted: boolean
  name: string
  /** Whether it shows that it has the focus, and stands on the screen. */
  isSeen: boolean
}

/** The element that has the focus, as the person sees it. */
const looked = (wanted: string) => `(() => {
  const at = document.activeElement
  const style = getComputedStyle(at)
  const box = at.getBoundingClientRect()
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  return {
    isWanted: at.matches(${JSON.stringify(wanted)}),
    name: at.tagName + ' ' + (at.getAttribute('name') ?? at.textContent.trim().slice(0, 40)),
    isSeen: at === document.body ||
      (outlined && box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight),
  }
})()`

export interface Hands {
  /** Tab on until the focus is on what this selector finds; each stop on the way must be visible. */
  to: (selector: string) => Promise<void>
  type: (selector: string, text: string) => Promise<void>
  /** Reach it and press a key; answers when the page that follows is there. */
  go: (selector: string, key?: 'Enter' | 'Space') => Promise<void>
  /** Reach it and press a key that leads to no other page: a box to tick, a part to open. */
  press: (selector: string, key?: 'Enter' | 'Space') => Promise<void>
}

export function hands(page: Page): Hands {
  const to = async (selector: string) => {
    for (let stop = 0; stop < STOPS_MAX; stop += 1) {
      await page.keyboard.press('Tab')
      const { isWanted, isSeen, name } = (await page.evaluate(looked(selector))) as Stop
      expect(isSeen, `${name} at ${page.url()} shows its focus`).to.equal(true)
      if (isWanted) return
    }
    throw new Error(`${selector} cannot be reached with Tab at ${page.url()}`)
  }
  const press: Hands['press'] = async (selector, key = 'Enter') => {
    await to(selector)
    await page.keyboard.press(key)
  }
  return {
    to,
    press,
    type: async (selector, text) => {
      await to(selector)
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
    },
    go: async (selector, key) => {
      const next = page.waitForEvent('domcontentloaded')
      await press(selector, key)
      await next
    },
  }
}
