import { UsageButton } from "../../button";

export default UsageButton;
