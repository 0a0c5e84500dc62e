/** The fields with which somebody begins an account of their own: at the first setup, and by an invitation. */
import type { Field } from '../../forms.ts'
import type { Words } from '../../words.ts'

/** `name` is what the field of the person's name is called in the form; `hint` stands below the address. */
export const ownFields = (
  words: Words,
  { name, hint }: { name: string; hint?: string },
): Field[] => [
  { name, label: words('people.name'), required: true, autocomplete: 'name', dir: 'auto' },
  {
    name: 'email',
    label: words('people.email'),
    ...(hint ? { hint } : {}),
    kind: 'email',
    required: true,
    autocomplete: 'username',
    dir: 'ltr',
  },
  {
    name: 'password',
    label: words('people.password'),
    hint: words('people.password_hint'),
    kind: 'password',
    required: true,
    autocomplete: 'new-password',
    dir: 'ltr',
  },
]
