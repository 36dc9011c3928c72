export const rate = () => 'seven'
