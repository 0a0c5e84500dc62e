/** The gathering pages. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'

export function gatheringPages(_site: Site): Router {
  return express.Router()
}
