import { CheckList } from './CheckList.tsx';

const CHECKS = ['Agent', 'Login', 'Git'];

export const AgentStep = () => <CheckList only={CHECKS} />;
