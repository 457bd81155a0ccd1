// What site/static/sealing.js needs of age-encryption.
export { Encrypter } from "age-encryption";
// Its own way to do without WebCrypto, which a browser has on https, an onion and 127.0.0.1 alone.
export { forceWebCryptoOff } from "./node_modules/age-encryption/dist/x25519.js";
