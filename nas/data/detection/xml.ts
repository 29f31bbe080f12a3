import { DOMParser, type Element } from '@xmldom/xmldom'
import { decodeText } from '../../decode-text.ts'
import { TrellisError } from '../../errors.ts'

/**
 * The root of an XML file, which has that name. Entities that the file defines itself are not expanded.
 * @param where the file, for errors @throws TrellisError `invalid-dataset` for what is not well-formed, or has another root
 */
export function readXml(bytes: Uint8Array, root: string, where: string): Element {
  const text = decodeText(bytes, where, 'invalid-dataset')
  const element = parse(text, where)
  if (element?.tagName === root) return element
  throw new TrellisError('invalid-dataset', `${where} is no <${root}>, but a <${element?.tagName}>`, {
    fix: 'check `kind` of the dataset, and its folder of annotations',
  })
}

function parse(text: string, where: string): Element | null {
  const complaints: string[] = []
  const onError = (level: string, said: string) => {
    if (level === 'warning') return
    complaints.push(said)
    throw new Error(said)
  }
  try {
    return new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement
  } catch (cause) {
    const [said] = (complaints[0] ?? String((cause as Error).message)).split('\n')
    throw new TrellisError('invalid-dataset', `${where} is no XML, or ends too soon: ${said}`, {
      fix: 'copy or download the file again',
      cause,
    })
  }
}

/** The elements of a name that lie in another, and not deeper: parts of an object have boxes, too. */
export function childrenOf(element: Element, name: string): Element[] {
  const found: Element[] = []
  for (let node = element.firstChild; node !== null; node = node.nextSibling)
    if (node.nodeName === name) found.push(node as Element)
  return found
}

/** The text of the first of them, trimmed; undefined where there is none. */
export const textIn = (element: Element | undefined, name: string): string | undefined =>
  element && childrenOf(element, name)[0]?.textContent?.trim()
