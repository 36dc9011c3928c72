export const links = new Map([["docs", "https://example.com/docs"]]);
