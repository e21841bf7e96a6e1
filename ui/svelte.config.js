// Svelte itself strips the types; svelte-check wants this file to exist.
export default {};
