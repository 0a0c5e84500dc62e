/** The search pages. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'

export function searchPages(_site: Site): Router {
  return express.Router()
}
