/* Passkeys: shows the forms that need one where the browser can do it, and hands its answer to the form. */
const textToBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) =>
    letter.charCodeAt(0),
  )

const bytesToText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

const withBytes = (each) => ({ ...each, id: textToBytes(each.id) })

/* What younger browsers do themselves: parseCreationOptionsFromJSON, parseRequestOptionsFromJSON, toJSON. */
const creation = (json) =>
  PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ?? {
    ...json,
    challenge: textToBytes(json.challenge),
    user: withBytes(json.user),
    excludeCredentials: json.excludeCredentials.map(withBytes),
  }

const request = (json) =>
  PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? {
    ...json,
    challenge: textToBytes(json.challenge),
    allowCredentials: (json.allowCredentials ?? []).map(withBytes),
  }

function answer(credential) {
  if (credential.toJSON) return credential.toJSON()
  const { id, rawId, type, response } = credential
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature']
  const read = [...parts, 'userHandle'].flatMap((name) =>
    response[name] ? [[name, bytesToText(response[name])]] : [],
  )
  const transports = response.getTransports?.() ?? []
  return {
    id,
    rawId: bytesToText(rawId),
    type,
    clientExtensionResults: {},
    response: { ...Object.fromEntries(read), transports },
  }
}

const ways = {
  create: (json) => navigator.credentials.create({ publicKey: creation(json) }),
  get: (json) => navigator.credentials.get({ publicKey: request(json) }),
}

/* The page that comes next says in words what happened. */
function send(form, name, value) {
  const input = Object.assign(document.createElement('input'), { type: 'hidden', name, value })
  form.append(input)
  form.submit()
}

async function ask(form, { passkey, challenge }) {
  const body = new URLSearchParams(new FormData(form))
  try {
    const asked = await fetch(challenge, { method: 'POST', body })
    if (!asked.ok) return send(form, 'failed', 'refused')
    send(form, 'response', JSON.stringify(answer(await ways[passkey](await asked.json()))))
  } catch (error) {
    send(form, 'failed', error.name)
  }
}

function start(place) {
  place.hidden = false
  const form = place.querySelector('form')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    form.querySelector('button').disabled = true
    ask(form, place.dataset)
  })
}

if (window.isSecureContext && window.PublicKeyCredential) {
  document.querySelectorAll('[data-passkey]').forEach(start)
  document.querySelectorAll('[data-without-passkey]').forEach((place) => (place.hidden = true))
}

/* Back from the browser's memory: the button can be pressed again. */
window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
