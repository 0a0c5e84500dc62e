/** Somebody with a browser but without scripts: keeps a cookie, reads pages, fills in forms. */

export interface Page {
  status: number
  text: string
  headers: Headers
  /** Where it was at the end of all redirects. */
  url: string
}

type Fields = Record<string, string | string[]>

/** A visitor of one server. Redirects are followed as a browser follows them. */
export function visitor(origin: string, language = 'en') {
  const cookies = new Map<string, string>()

  async function ask(path: string, init: RequestInit = {}): Promise<Page> {
    const headers = new Headers(init.headers)
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    headers.set('accept-language', language)
    if (cookies.size > 0) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await fetch(new URL(path, origin), { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) keep(cookie)
    const text = await response.text()
    const location = response.headers.get('location')
    if (response.status === 303 && location) return ask(location)
    return {
      status: response.status,
      text,
      headers: response.headers,
      url: new URL(path, origin).pathname,
    }
  }

  function keep(cookie: string) {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    const value = pair.slice(at + 1)
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie)) cookies.delete(pair.slice(0, at))
    else cookies.set(pair.slice(0, at), value)
  }

  async function send(path: string, fields: Fields, token = ''): Promise<Page> {
    const body = new URLSearchParams({ _token: token })
    for (const [name, values] of Object.entries(fields)) {
      for (const value of [values].flat()) body.append(name, value)
    }
    return ask(path, { method: 'POST', body, headers: { origin } })
  }

  /** Open the page with a form, fill it in on top of what stands in it, and send it. */
  async function fill(path: string, action: string, fields: Fields): Promise<Page> {
    const { text } = await ask(path)
    return send(action, { ...standing(text, action), ...fields }, tokenIn(text))
  }

  return { get: ask, send, fill, cookies }
}

export type Visitor = ReturnType<typeof visitor>

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const plain = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')

export const tokenIn = (page: string) => /name="_token" value="([^"]*)"/.exec(page)?.[1] ?? ''

/** What the form with this action has in its fields already. */
function standing(page: string, action: string): Fields {
  const forms = page.split('<form ').slice(1)
  const form = forms.find((each) => plain(/action="([^"]*)"/.exec(each)?.[1] ?? '') === action)
  const inside = form?.split('</form>')[0] ?? ''
  const fields: Record<string, string[]> = {}
  const add = (name: string, value: string) => (fields[plain(name)] ??= []).push(plain(value))
  for (const [tag] of inside.matchAll(/<input [^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    const unchecked = /type="(checkbox|radio)"/.test(tag) && !/ checked/.test(tag)
    if (name && name !== '_token' && !unchecked) add(name, /value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const [, attributes = '', value = ''] of inside.matchAll(
    /<textarea([^>]*)>\n?([^<]*)<\/textarea>/g,
  )) {
    add(/name="([^"]*)"/.exec(attributes)?.[1] ?? '', value)
  }
  for (const [, name = '', options = ''] of inside.matchAll(
    /<select[^>]* name="([^"]*)"[^>]*>(.*?)<\/select>/gs,
  )) {
    const chosen =
      /<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options)
    add(name, chosen?.[1] ?? '')
  }
  return fields
}
