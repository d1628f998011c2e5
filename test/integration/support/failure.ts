import { TouchstoneError } from "@touchstone/sdk";

/** The typed error with which something fails. Throws where it does not fail, or with another error. */
export async function failureOf(failing: Promise<unknown>): Promise<TouchstoneError> {
  try {
    await failing;
  } catch (error) {
    if (error instanceof TouchstoneError) {
      return error;
    }
    throw new Error("It failed with an error that has no code.", { cause: error });
  }
  throw new Error("It did not fail.");
}
