// What goes wrong with XML.

import { FlotillaError } from '../errors.js';

/** A text that is no XML, data without what was asked of it, or data that XML cannot hold. */
export class XmlError extends FlotillaError {
  override readonly name = 'XmlError';
}
