import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Account } from "../generated/schema";

/** The account of an address, all zeros where nobody heard of it. The caller saves it. */
export function loadAccount(address: Bytes): Account {
  let account = Account.load(address);
  if (account == null) {
    account = new Account(address);
    account.balance = BigInt.zero();
    account.stake = BigInt.zero();
    account.exposure = BigInt.zero();
    account.fees = BigInt.zero();
    account.reserved = BigInt.zero();
    account.reserveLeaving = BigInt.zero();
    account.reserveReleasableAt = BigInt.zero();
    account.unbonding = BigInt.zero();
    account.withdrawableAt = BigInt.zero();
    account.bond = BigInt.zero();
    account.bondLeaving = BigInt.zero();
    account.bondWithdrawableAt = BigInt.zero();
  }
  return account;
}

/** Makes sure that there is an account of an address, for others to refer to. Returns its id. */
export function knowAccount(address: Bytes): Bytes {
  if (Account.load(address) == null) {
    loadAccount(address).save();
  }
  return address;
}

export function credit(address: Bytes, amount: BigInt): void {
  const account = loadAccount(address);
  account.balance = account.balance.plus(amount);
  account.save();
}

export function debit(address: Bytes, amount: BigInt): void {
  const account = loadAccount(address);
  account.balance = account.balance.minus(amount);
  account.save();
}

export function addExposure(address: Bytes, amount: BigInt): void {
  const account = loadAccount(address);
  account.exposure = account.exposure.plus(amount);
  account.save();
}

/** The smaller of two amounts. */
export function least(a: BigInt, b: BigInt): BigInt {
  return a.lt(b) ? a : b;
}
