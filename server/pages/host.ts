/** The host pages. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'

export function hostPages(_site: Site, _secret: string): Router {
  return express.Router()
}
