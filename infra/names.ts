/** As resources of AWS are named: `PickTop` is `pick-top`. */
export const kebab = (name: string): string => name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase()

/** As CloudFormation wants keys, without hyphens: `pick-top` is `PickTop`. */
export const pascal = (name: string): string =>
  name
    .split('-')
    .map((part) => `${part[0]!.toUpperCase()}${part.slice(1)}`)
    .join('')
