// In the place of what only other kinds of recipients need than X25519: it would be more than half of the bundle.
function unused() {
  throw new Error("this bundle seals to X25519 keys alone");
}
export { unused as MLKEM768P256, unused as MLKEM768X25519, unused as p256, unused as scrypt };
