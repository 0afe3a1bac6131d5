// What the page uses of tiffheader.js, which is not type-checked.

export function epsgOfKeys(keys: number[] | null | undefined): number;
