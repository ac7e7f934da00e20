import { expectTypeOf } from "vitest";
import type * as z from "zod/mini";
import type { Charge, ChargeStatus, chargeSchema, chargeStatus } from "../../src/contract";

expectTypeOf<z.infer<typeof chargeSchema>>().toEqualTypeOf<Charge>();
expectTypeOf<z.infer<typeof chargeStatus>>().toEqualTypeOf<ChargeStatus>();
